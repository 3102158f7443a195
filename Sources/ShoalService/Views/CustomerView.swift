internal import ShoalCore
internal import ShoalEngine

/// A customer as `GET /v1/customers/{id}` tells of them.
enum CustomerView {
    private static let recentChangesMax = 10

    static func json(
        _ customer: [UInt8], _ report: CustomerReport, plan: FeaturePlan, feed: LiveFeed
    ) -> [UInt8] {
        let explanation = CustomerExplanation(report, plan: plan)
        let profile = report.profile
        let model = report.model
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("customer_id")
            writer.string(bytes: customer)
            writer.key("segment")
            segment(profile.segmentID, model, &writer)
            writer.key("revision")
            writer.integer(profile.revision)
            writer.key("first_seen")
            writer.time(report.firstSeenMilliseconds)
            writer.key("last_event_at")
            writer.time(profile.lastEventMilliseconds)
            writer.key("events")
            writer.integer(report.eventCount)
            writer.key("aliases")
            writer.array(report.aliases) { $0.string(bytes: $1) }
            writer.key("frozen")
            writer.boolean(report.isFrozen)
            writer.key("as_of")
            writer.time(report.streamTimeMilliseconds)
            writer.key("model")
            stamp(model, &writer)
            writer.key("confidence")
            writer.number(explanation.confidence)
            writer.key("outlier")
            writer.boolean(explanation.isOutlier)
            writer.key("features")
            writer.array(explanation.traits, trait)
            writer.key("distances")
            writer.array(explanation.distances, distance)
            writer.key("reasons")
            writer.array(explanation.reasons, reason)
            writer.key("recent_changes")
            writer.array(feed.recentChanges(of: customer, countMax: recentChangesMax)) { $0.raw($1.json) }
        }
        return writer.bytes
    }

    private static func segment(_ number: Int, _ model: SegmentModel?, _ writer: inout JSONWriter) {
        guard number != 0 else { return writer.null() }
        writer.object { writer in
            writer.key("id")
            writer.string("s\(number)")
            writer.key("name")
            writer.string(model?.segments.first { $0.id == number }?.name)
        }
    }

    private static func stamp(_ model: SegmentModel?, _ writer: inout JSONWriter) {
        guard let model else { return writer.null() }
        writer.object { writer in
            writer.key("version")
            writer.integer(model.version)
            writer.key("generation")
            writer.integer(model.generation)
        }
    }

    private static func trait(_ writer: inout JSONWriter, _ trait: CustomerExplanation.Trait) {
        writer.object { writer in
            writer.key("feature")
            writer.string(trait.feature)
            writer.key("unit")
            writer.string(trait.unit.rawValue)
            writer.key("raw")
            writer.number(trait.raw)
            writer.key("value")
            writer.number(trait.value)
            writer.key("typical")
            writer.number(trait.typical)
            writer.key("population")
            writer.number(trait.population)
            writer.key("typical_raw")
            writer.number(trait.typicalRaw)
            writer.key("population_raw")
            writer.number(trait.populationRaw)
            writer.key("weight")
            writer.number(trait.weight)
        }
    }

    private static func distance(_ writer: inout JSONWriter, _ distance: CustomerExplanation.Distance) {
        writer.object { writer in
            writer.key("id")
            writer.string(distance.id)
            writer.key("name")
            writer.string(distance.name)
            writer.key("distance")
            writer.number(distance.distance)
        }
    }

    private static func reason(_ writer: inout JSONWriter, _ reason: CustomerExplanation.Reason) {
        writer.object { writer in
            writer.key("feature")
            writer.string(reason.feature)
            writer.key("value")
            writer.number(reason.value)
            writer.key("typical")
            writer.number(reason.typical)
            writer.key("was_typical")
            writer.number(reason.wasTypical)
            writer.key("contribution")
            writer.number(reason.contribution)
        }
    }
}
