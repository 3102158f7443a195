internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine

/// The models of a deployment, as its brokers keep them.
struct ModelTopic {
    let client: ModelTopicClient
    let name: String

    /// - Parameter configurationFile: names brokers, topic and features; `nil` for the defaults.
    /// - Throws: What is wrong with the configuration.
    init(_ configurationFile: String?) throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        name = configuration.topics.model
        client = ModelTopicClient(
            properties: RunSettings.properties(of: configuration), topic: configuration.topics.model,
            plan: try FeaturePlan(configuration.features))
    }

    /// The models on the topic.
    ///
    /// - Throws: `CommandError` if the brokers do not answer.
    func shelf() throws -> ModelShelf {
        do {
            return try client.read().shelf
        } catch {
            throw CommandError("\(name): \(error)")
        }
    }

    /// The model that a deployment uses now.
    ///
    /// - Throws: `CommandError` if there is none of the configured features.
    static func modelInForce(_ configurationFile: String?) throws -> SegmentModel {
        let topic = try ModelTopic(configurationFile)
        guard let live = try topic.shelf().live else {
            throw CommandError(
                "\(topic.name): holds no model of the configured features; wait for the first, or give --model"
            )
        }
        return live
    }
}
