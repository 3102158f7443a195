@testable internal import ShoalCore
internal import Testing

@Suite struct ModelDifferenceTests {
    @Test func `a model does not differ from itself`() {
        let difference = ModelDifference(from: ModelPair.first, to: ModelPair.first)
        #expect(difference.isEmpty)
        #expect(difference.kept.map(\.id) == ["s1", "s4"])
        #expect(difference.kept.allSatisfy { $0.distance == 0 && $0.features.isEmpty })
    }

    @Test func `segments are matched by identity: born, retired, renamed, moved`() {
        let difference = ModelDifference(from: ModelPair.first, to: ModelPair.second)
        #expect(!difference.isEmpty)
        #expect(difference.hasSamePlan)
        #expect(difference.born == [ModelDifference.Segment(id: "s5", name: "new", share: 0.5)])
        #expect(difference.retired == [ModelDifference.Segment(id: "s4", name: "average", share: 0.25)])
        #expect(difference.renamed.map(\.formerName) == ["in store"])
        let moved = difference.kept[0]
        #expect(moved.id == "s1")
        #expect(moved.formerShare == 0.75)
        #expect(moved.share == 0.5)
        // recency by 2 σ at weight ½, store_share by −1 σ.
        #expect(abs(moved.distance - 3.0.squareRoot()) < 1e-9)
        #expect(moved.features.map(\.feature) == ["recency", "store_share"])
        #expect(abs(moved.features[0].shift - 2) < 1e-9)
        #expect(abs(moved.features[1].shift + 1) < 1e-9)
    }

    @Test func `scales, means and settings that changed are named, and no others`() {
        let difference = ModelDifference(from: ModelPair.first, to: ModelPair.second)
        #expect(difference.scales == [ModelDifference.Scale(feature: "order_value", from: 1, to: 1.5)])
        #expect(difference.means.map(\.feature) == ["food_share"])
        #expect(difference.settings == [ModelDifference.Setting(name: "k", from: "auto", to: "5")])
        #expect(difference.from.version == 10)
        #expect(difference.to.generation == 3)
    }

    @Test func `models of other plans are compared in the features they share`() {
        var other = ModelPair.first
        other.planHash = 100
        other.featureNames[0] = "spend"
        other.featureNames.swapAt(1, 2)
        other.centroids.swapAt(1, 2)
        other.centroids.swapAt(6, 7)
        other.means.swapAt(1, 2)
        other.scales.swapAt(1, 2)
        other.weights.swapAt(1, 2)
        let difference = ModelDifference(from: ModelPair.first, to: other)
        #expect(!difference.hasSamePlan)
        #expect(difference.featuresGone == ["order_value"])
        #expect(difference.featuresAdded == ["spend"])
        #expect(difference.kept.allSatisfy { $0.distance == 0 })
        #expect(difference.scales.isEmpty)
        #expect(!difference.isEmpty)
    }

    @Test func `a constant feature that moves counts for nothing, as in distances`() {
        var other = ModelPair.first
        other.centroids[4] += 10
        let difference = ModelDifference(from: ModelPair.first, to: other)
        #expect(difference.kept[0].distance == 0)
    }
}
