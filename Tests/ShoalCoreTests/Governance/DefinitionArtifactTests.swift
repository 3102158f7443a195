import ShoalCore
import ShoalTestSupport
import Testing

@Suite struct DefinitionArtifactTests {
    private func model(_ definitions: [FeatureDefinition]) -> SegmentModel {
        let d = definitions.count
        var model = SegmentModel(
            version: 1, generation: 1, planHash: 3, featureNames: definitions.map(\.name),
            segments: [SegmentModel.Segment(id: 1, name: "all", share: 1, outlierSquaredDistance: 1)],
            centroids: Array(repeating: 0.5, count: d), masses: [1], scales: Array(repeating: 1, count: d),
            means: Array(repeating: 0.5, count: d), weights: definitions.map(\.weight),
            priors: Array(repeating: 0, count: d), nextSegmentID: 2, trainedAtMilliseconds: 5)
        model.definitions = definitions
        model.settings = ModelSettings().words
        return model
    }

    @Test func `every kind of definition survives the way through a model's file`() throws {
        var definitions = EveryFeature.all
        definitions[0].words = FeatureDefinition.Words(high: "busy", low: nil)
        definitions[1].words = FeatureDefinition.Words(high: nil, low: nil)
        definitions[2].clip = -1...7.25
        let model = model(definitions)
        let bytes = try model.encodedArtifact()
        let read = try SegmentModel(artifact: bytes, planHash: 3)
        #expect(read.definitions == definitions)
        #expect(read.settings == ModelSettings().words)
        #expect(read == model)
        #expect(try read.encodedArtifact() == bytes)
        #expect(read.definitions.map(\.canonicalText) == definitions.map(\.canonicalText))
    }

    @Test func `a file without definitions and settings is a model all the same`() throws {
        var model = model(EveryFeature.counts)
        model.definitions = []
        model.settings = [:]
        let bytes = try model.encodedArtifact()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("definition"))
        #expect(try SegmentModel(artifact: bytes, planHash: 3) == model)
    }

    @Test func `every setting of the model is kept with it`() {
        let words = ModelSettings().words
        #expect(words.count == Mirror(reflecting: ModelSettings()).children.count)
        #expect(words["half_life"] == "14d")
        #expect(words["k"] == "auto")
        #expect(words["min_dwell"] == "0s")
        var settings = ModelSettings()
        settings.clusterCount = .fixed(5)
        settings.halfLife = 90_001
        #expect(settings.words["k"] == "5")
        #expect(settings.words["half_life"] == "90001ms")
    }
}
