/// One customer's history, kept whole: what a profile stands for, without any of its economies.
package struct ReferenceCustomer: Sendable {
    /// What became of an event.
    package enum Outcome: Sendable, Equatable {
        /// It counts in the features.
        case absorbed
        case duplicate
        /// The customer has withdrawn consent.
        case ignored
        /// A word about the customer, not something they did.
        case control
    }

    private static let identifiersMax = 8

    /// The events that count, in order of arrival.
    package private(set) var events: [ReferenceEvent] = []
    /// True between `consent_withdrawn` and `consent_granted`.
    package private(set) var isFrozen = false
    /// The last accepted ids, oldest first.
    private var identifiers: [String] = []

    package init() {}

    /// Time of the newest event that counts, late ones included; nil before the first.
    package var newestTimeMilliseconds: Int64? { events.map(\.timeMilliseconds).max() }

    /// Takes the next event in order of arrival.
    @discardableResult
    package mutating func receive(_ event: ReferenceEvent) -> Outcome {
        if let identifier = event.identifier, isKnown(identifier) { return .duplicate }
        switch event.type {
        case "forget":
            self = ReferenceCustomer()
            return .control
        case "consent_withdrawn": isFrozen = true
        case "consent_granted": isFrozen = false
        case "identify": if isFrozen { return .ignored }
        default:
            if isFrozen { return .ignored }
            events.append(event)
            remember(event.identifier)
            return .absorbed
        }
        remember(event.identifier)
        return .control
    }

    private func isKnown(_ identifier: String) -> Bool {
        identifiers.contains { $0.utf8.elementsEqual(identifier.utf8) }
    }

    private mutating func remember(_ identifier: String?) {
        guard let identifier else { return }
        identifiers.append(identifier)
        if identifiers.count > Self.identifiersMax { identifiers.removeFirst() }
    }
}
