/// When a lane tells the trainer about the vectors it saw.
package struct BatchSettings: Equatable, Sendable {
    /// Customers' vectors after which a summary goes out.
    package var size = 1_024
    /// Milliseconds after which it goes out anyway, if it holds at least `Self.countMin` vectors.
    package var interval: Int64 = 200

    /// A summary with fewer vectors than it samples says more about its sample than about the stream.
    package static let countMin = BatchSummary.sampleMax

    package init() {}
}
