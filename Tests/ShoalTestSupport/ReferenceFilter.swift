/// Which events a feature looks at: all conditions hold, each by any of its values.
package struct ReferenceFilter: Sendable, ExpressibleByDictionaryLiteral {
    package var conditions: [(field: String, values: [ReferenceValue])]

    /// `["type": ["purchase"], "category": ["food", "toys"]]`; `[:]` matches every event.
    package init(dictionaryLiteral elements: (String, [ReferenceValue])...) {
        conditions = elements.map { (field: $0.0, values: $0.1) }
    }

    package init(_ conditions: [(field: String, values: [ReferenceValue])]) {
        self.conditions = conditions
    }

    /// The fields that an item of a basket may answer for.
    static let itemFields = ["category", "product_id"]

    /// What of an event matches.
    enum Match {
        case nothing
        /// The filter names no field of an item: all of the event.
        case everything
        /// Some items, some of which may be none if the event's own fields match.
        case parts(items: [ReferenceEvent.Item], own: Bool)
    }

    func match(_ event: ReferenceEvent) -> Match {
        let ofEvent = conditions.filter { !Self.itemFields.contains($0.field) }
        guard holds(ofEvent, { event.value($0) }) else { return .nothing }
        let ofItems = conditions.filter { Self.itemFields.contains($0.field) }
        guard !ofItems.isEmpty else { return .everything }
        let items = event.items.filter { item in holds(ofItems) { item.fields[$0] } }
        let own = holds(ofItems) { event.value($0) }
        return items.isEmpty && !own ? .nothing : .parts(items: items, own: own)
    }

    func matches(_ event: ReferenceEvent) -> Bool {
        if case .nothing = match(event) { return false }
        return true
    }

    /// The same filter for another set of types.
    func withTypes(_ types: [String]) -> ReferenceFilter {
        let others = conditions.filter { $0.field != "type" }
        return ReferenceFilter(
            others + [(field: "type", values: types.map { .text(Array($0.utf8)) })])
    }

    private func holds(
        _ conditions: [(field: String, values: [ReferenceValue])], _ value: (String) -> ReferenceValue?
    ) -> Bool {
        conditions.allSatisfy { condition in
            guard let value = value(condition.field) else { return false }
            return condition.values.contains(value)
        }
    }
}
