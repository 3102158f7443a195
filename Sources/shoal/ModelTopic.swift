internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine

/// The models of a deployment, as its brokers keep them.
struct ModelTopic {
    let name: String
    let plan: FeaturePlan
    private let client: ModelTopicClient

    /// - Parameter configurationFile: names brokers, topic and features; `nil` for the defaults.
    /// - Throws: What is wrong with the configuration.
    init(_ configurationFile: String?) throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        name = configuration.topics.model
        plan = try FeaturePlan(configuration.features)
        client = ModelTopicClient(
            properties: RunSettings.properties(of: configuration), topic: configuration.topics.model,
            plan: plan)
    }

    /// The models on the topic, and how the candidate compares.
    ///
    /// - Throws: `CommandError` if the brokers do not answer.
    func read() throws -> ModelShelf {
        do {
            return try client.read()
        } catch {
            throw CommandError("\(name): \(error)")
        }
    }

    /// Works an order out on what the topic holds, and writes what it comes to.
    ///
    /// - Returns: what was written.
    /// - Throws: `CommandError` if it is refused or cannot be written.
    func order(
        _ body: (ModelShelf) throws(ModelShelfError) -> [ModelShelf.Entry]
    ) throws -> [ModelShelf.Entry] {
        let shelf = try read()
        do {
            let entries = try body(shelf)
            try client.write(entries)
            return entries
        } catch {
            throw CommandError("\(name): \(error)")
        }
    }

    /// The model that a deployment uses now.
    ///
    /// - Throws: `CommandError` if there is none of the configured features.
    static func modelInForce(_ configurationFile: String?) throws -> SegmentModel {
        let topic = try ModelTopic(configurationFile)
        guard let live = try topic.read().live else {
            throw CommandError(
                "\(topic.name): holds no model of the configured features; wait for the first, or give "
                    + "--model")
        }
        return live
    }

    /// What has been put in force and what was kept, in a line.
    static func words(of entries: [ModelShelf.Entry]) -> String {
        entries.compactMap { entry -> String? in
            guard let model = entry.model else { return nil }
            let stamp = "version \(model.version), generation \(model.generation)"
            return switch entry.key {
            case .live: "in force is now \(stamp), with \(model.segmentCount) segments"
            case .previous: "kept is \(stamp)"
            case .candidate, .candidateReport: nil
            }
        }.joined(separator: "; ")
    }
}
