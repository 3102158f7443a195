/// When a lane tells the trainer about the vectors it saw.
package struct BatchSettings: Equatable, Sendable {
    /// Customers' vectors after which a summary goes out.
    package var size = 1_024
    /// Milliseconds after which it goes out anyway, if at least `Self.eventCountMin` events are behind it.
    package var interval: Int64 = 200

    /// A summary of a few events would cost more to learn from than they did to take in: merging and
    /// publishing take as long as some 40 events.
    package static let eventCountMin = 256

    package init() {}
}
