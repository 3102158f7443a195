internal import Foundation
internal import ShoalConfiguration
internal import ShoalEngine
internal import ShoalKafka

/// A deployment's topics, asked of its brokers.
struct TopicSurvey: ~Copyable {
    private static let brokerMilliseconds: Int32 = 10_000
    private static let askMilliseconds: Int32 = 30_000

    private let settings: EngineSettings
    private let bootstrap: String
    private let admin: KafkaAdmin

    init(_ configuration: ShoalConfiguration) throws {
        let settings = try RunSettings.settings(of: configuration)
        let admin = try KafkaAdmin(properties: settings.kafka, events: { _ in })
        self.settings = settings
        self.admin = admin
        bootstrap = configuration.kafka.bootstrap
    }

    consuming func close() { admin.close() }

    /// Compares what there is with what is needed.
    ///
    /// - Parameter partitionCount: of inputs where there are none; `nil` if that is not known.
    /// - Returns: a row for each topic.
    /// - Throws: `CommandError` if the inputs do not go together, or the brokers do not answer.
    func review(partitionCount: Int32?) throws -> TopicReview {
        do {
            try admin.waitForBroker(timeoutMilliseconds: Self.brokerMilliseconds)
        } catch {
            throw CommandError("kafka.bootstrap \(bootstrap): \(error)")
        }
        let counts = try admin.partitionCounts(timeoutMilliseconds: Self.askMilliseconds)
        do {
            return try TopicReview(
                settings: settings, counts: counts, policies: { policies($0) },
                partitionCount: partitionCount)
        } catch {
            throw CommandError("\(error)")
        }
    }

    /// Some brokers do not tell, which is no reason to do without the rest.
    private func policies(_ topics: [String]) -> [String: String] {
        let policies = try? admin.setting(
            TopicReview.policySetting, ofTopics: topics, timeoutMilliseconds: Self.askMilliseconds)
        return policies ?? [:]
    }

    /// Creates topics that do not exist.
    ///
    /// - Parameters:
    ///   - topics: as they are to be.
    ///   - replicationFactor: -1 for the brokers' default.
    /// - Throws: If one cannot be created.
    func create(_ topics: [KafkaTopicSpecification], replicationFactor: Int32) throws {
        let wanted = topics.map {
            KafkaTopicSpecification(
                name: $0.name, partitionCount: $0.partitionCount, replicationFactor: replicationFactor,
                settings: $0.settings)
        }
        _ = try admin.ensureTopics(wanted, timeoutMilliseconds: Self.askMilliseconds)
    }

    /// A line per topic, and what is wrong with it.
    static func table(_ review: TopicReview) -> String {
        let width = review.rows.map(\.wanted.name.count).max() ?? 0
        return review.rows.map { row in
            let wanted = row.wanted
            let name = wanted.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let count = row.partitionCount ?? wanted.partitionCount
            var words = ["\(count) \(count == 1 ? "partition" : "partitions")"]
            words += wanted.settings.names.map { "\($0)=\(wanted.settings[$0] ?? "")" }
            words.append(row.isInput ? "input" : "output")
            words.append(row.partitionCount == nil ? "missing" : row.faults.isEmpty ? "there" : "wrong")
            return ([name + "  " + words.joined(separator: ", ")] + row.faults.map { "  " + $0 })
                .joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
