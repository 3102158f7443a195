internal import ShoalCore

/// A model that a person put in force, for whoever trains to go on from.
struct ModelOrder: Sendable {
    let directive: ModelShelf.Directive
    let model: SegmentModel
    /// Grows with every order.
    let serial: Int
}
