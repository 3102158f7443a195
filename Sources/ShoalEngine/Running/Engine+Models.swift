package import ShoalCore

extension Engine {
    /// The models of the deployment, as far as this process has read the model's topic.
    package var shelf: ModelShelf { shared.mailbox.shelf }

    /// What customers are compared by.
    package var plan: FeaturePlan { shared.plan }

    package var settings: EngineSettings { shared.settings }

    /// Works an order out on what the model's topic holds now, and writes what it comes to.
    ///
    /// Blocks on the broker.
    ///
    /// - Parameter body: refuses, or says what to write.
    /// - Returns: what was written.
    /// - Throws: `ModelShelfError` if it is refused; `EngineError` if the topic cannot be read or written.
    package func order(
        _ body: (ModelShelf) throws(ModelShelfError) -> [ModelShelf.Entry]
    ) throws -> [ModelShelf.Entry] {
        let client = ModelTopicClient(
            properties: settings.kafka, topic: settings.topics.model, plan: plan)
        let entries = try body(try client.read())
        try client.write(entries)
        return entries
    }
}
