internal import ShoalCore
internal import ShoalEngine

/// Everything that is held on a person, and what it is used for: an answer to a request for access.
enum CustomerExport {
    static func json(
        _ customer: [UInt8], _ report: CustomerReport, plan: FeaturePlan, feed: LiveFeed,
        topics: EngineTopics, hasSnapshots: Bool
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("customer_id")
            writer.string(bytes: customer)
            writer.key("profile")
            writer.raw(CustomerView.json(customer, report, plan: plan, feed: feed))
            writer.key("remembered_event_ids")
            writer.integer(report.eventIDCount)
            writer.key("held_in")
            writer.array(places(topics, hasSnapshots)) { $0.string($1) }
            writer.key("purpose")
            writer.string(
                "To group customers who act alike. The features above are computed from the customer's events "
                    + "as they come; the segment is the nearest centroid, and no person decides on it.")
            writer.key("erasure")
            writer.string("DELETE this customer's address, or send a `forget` event.")
        }
        return writer.bytes
    }

    private static func places(_ topics: EngineTopics, _ hasSnapshots: Bool) -> [String] {
        [
            "the memory of the instance that answers: the profile above, and fingerprints of the last event ids",
            hasSnapshots ? "that instance's snapshots: the same, as of the last one" : nil,
            "topic \(topics.changes): each change of segment, for as long as the topic keeps records",
            "topic \(topics.segments): the current segment, until erased",
            "topic \(topics.deadLetters): records of the customer that could not be used",
        ].compactMap(\.self)
    }
}
