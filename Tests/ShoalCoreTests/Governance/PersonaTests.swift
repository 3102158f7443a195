@testable internal import ShoalCore
internal import ShoalTestSupport
internal import Testing

@Suite struct PersonaTests {
    private func near(_ left: Double?, _ right: Double) -> Bool {
        left.map { abs($0 - right) < 1e-9 * max(1, abs(right)) } ?? false
    }

    @Test func `figures are in the features' own units, with the population's beside them`() {
        let persona = Persona.personas(of: ModelPair.first)[0]
        #expect(persona.id == "s1")
        #expect(persona.share == 0.75)
        #expect(persona.size == 300)
        #expect(persona.typical.map(\.feature) == ModelPair.features.map(\.name))
        #expect(near(persona.typical[0].typical, 100))
        #expect(persona.typical[0].unit == .number)
        #expect(near(persona.typical[1].typical, 72))
        #expect(near(persona.typical[1].population, 5.5 * 5.5))
        #expect(persona.typical[1].unit == .hours)
        #expect(persona.typical[2].typical == 0.8)
        #expect(persona.typical[2].unit == .share)
        #expect(persona.orderValue == persona.typical[0])
    }

    @Test func `distinctive features are those with effects, by what they weigh in distances`() {
        let persona = Persona.personas(of: ModelPair.first)[0]
        // Effects 2.5, 1.5 at half weight, 2.5 and 2; the constant one says nothing. Equals keep their order.
        #expect(
            persona.distinctive.map(\.feature) == ["order_value", "store_share", "food_share", "recency"])
        #expect(near(persona.distinctive[2].effect, 2))
        #expect(persona.typical[4].effect == 0)
        #expect(persona.typical[4].word == nil)
    }

    @Test func `words point the way of the figures`() {
        for persona in Persona.personas(of: ModelPair.first) {
            for trait in persona.typical where trait.word != nil {
                #expect(abs(trait.effect) >= SegmentNaming.tellingEffectMin)
                #expect((trait.effect > 0) == (trait.typical > trait.population))
            }
        }
        let words = Persona.personas(of: ModelPair.first)[0].typical.map(\.word)
        #expect(words == ["big baskets", "lapsing", "in store", "food lovers", nil])
        let average = Persona.personas(of: ModelPair.first)[1]
        #expect(average.typical.map(\.word) == [nil, "recent buyers", "less often in store", nil, nil])
    }

    @Test func `the example tells what sets it apart from the nearest other segment, most first`() throws {
        let personas = Persona.personas(of: ModelPair.first)
        let example = try #require(personas[0].example)
        #expect(example.from == personas[1].id)
        #expect(example.reasons.count == Persona.reasonsMax)
        let contributions = example.reasons.map(\.contribution)
        #expect(contributions == contributions.sorted(by: >))
        #expect(contributions.reduce(0, +) <= 1 + 1e-9)
        for reason in example.reasons {
            let own = personas[0].typical.first { $0.feature == reason.feature }
            let others = personas[1].typical.first { $0.feature == reason.feature }
            #expect(reason.value == own?.typical && reason.wasTypical == others?.typical)
        }
        var alone = ModelPair.first
        alone.segments.removeLast(alone.segmentCount - 1)
        #expect(Persona.personas(of: alone)[0].example == nil)
    }

    @Test func `the preference is the largest share, or what no feature counts`() throws {
        let personas = Persona.personas(of: ModelPair.first)
        let channel = try #require(personas[0].channel)
        #expect(channel == Persona.Preference(values: ["store"], isRest: false, share: 0.8, population: 0.3))
        let category = try #require(personas[0].category)
        #expect(category.values == ["food"])
        let elsewhere = try #require(personas[1].channel)
        #expect(elsewhere.isRest)
        #expect(elsewhere.values == ["store"])
        #expect(near(elsewhere.share, 0.8))
        let other = try #require(personas[1].category)
        #expect(other.isRest)
        #expect(near(other.share, 0.4))
        #expect(near(other.population, 0.45))
    }

    @Test func `shares of different wholes are not compared`() throws {
        var model = ModelPair.first
        guard case .share(let part, _, let halfLife, let prior, let weight) = model.definitions[4].kind else {
            Issue.record("The last feature is a share.")
            return
        }
        model.definitions[4].kind = .share(
            of: part, among: EveryFeature.purchase, halfLife: halfLife, prior: prior, priorWeight: weight)
        model.centroids[4] = 0.9
        let category = try #require(Persona.personas(of: model)[0].category)
        #expect(category.values == ["food"])
    }

    @Test func `a model without definitions is shown as it is`() {
        var model = ModelPair.first
        model.definitions = []
        let persona = Persona.personas(of: model)[0]
        #expect(persona.typical.allSatisfy { $0.unit == .transformed && $0.word == nil })
        #expect(persona.typical[0].typical == model.centroids[0])
        #expect(persona.channel == nil)
        #expect(persona.orderValue == nil)
        #expect(persona.distinctive.count == 4)
    }

    @Test(arguments: FeatureDefinition.Transform.allCases)
    func `a transform taken back gives the value before it`(transform: FeatureDefinition.Transform) throws {
        var definition = EveryFeature.counts[0]
        definition.transform = transform
        let plan = try FeaturePlan([definition])
        for value in [0, 0.5, 3, 1_234.5, 1e9] {
            let transformed = Double(plan.transformed(value, feature: 0))
            #expect(abs(definition.untransformed(transformed) - value) <= 1e-5 * value, "\(transform)")
        }
        #expect(definition.untransformed(1e9).isFinite)
        #expect(definition.untransformed(-1e9).isFinite)
    }
}
