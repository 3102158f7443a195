/// Names segments after what sets their members apart: "big spenders · in store · lapsing".
///
/// A feature's effect in a segment is (centroid − population mean) / σ, Cohen's d against the population
/// (Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, section 2.2, whose conventions are
/// the cutoffs below). A word is only used if the effect points its way, so names are true of the numbers.
package enum SegmentNaming {
    /// Least effect that gives a segment one of its first two words: a medium effect.
    package static let effectMin = 0.5
    /// Least effect that earns a third word: a large effect.
    package static let thirdEffectMin = 0.8
    /// Least effect of a further word that tells two segments apart: a small effect.
    package static let tellingEffectMin = 0.2
    /// Words of a name before any that only tell segments apart.
    private static let wordsMax = 3
    private static let separator = " · "
    private static let nameOfNothing = "average shoppers"

    /// A word for a segment, with the effect that bears it out.
    private struct Trait {
        let word: String
        let effect: Double
    }

    /// One name per segment, all different; names that a person gave are kept, and those that are still true.
    ///
    /// A name is true while each of its words holds for the segment, if only by a small effect; so names do
    /// not follow every ripple of the numbers.
    ///
    /// - Parameters:
    ///   - model: With centroids, means, scales and weights in place.
    ///   - features: In the model's order: `[d]`.
    /// - Returns: `[k]`, in the order of the model's segments.
    package static func names(for model: SegmentModel, features: [FeatureDefinition]) -> [String] {
        precondition(features.count == model.featureCount, "The model is of these features.")
        var names = [String?](repeating: nil, count: model.segmentCount)
        var taken: [String] = []
        for (index, segment) in model.segments.enumerated() where segment.isRenamed {
            names[index] = segment.name
            taken.append(segment.name)
        }
        let traits = (0..<model.segmentCount).map {
            Self.traits(ofSegment: $0, in: model, features: features)
        }
        for (index, segment) in model.segments.enumerated() where names[index] == nil {
            guard !taken.contains(segment.name), isTrue(segment.name, traits: traits[index]) else { continue }
            names[index] = segment.name
            taken.append(segment.name)
        }
        for index in names.indices where names[index] == nil {
            let name = uniqueName(traits[index], taken: taken)
            names[index] = name
            taken.append(name)
        }
        return names.map { $0 ?? nameOfNothing }
    }

    private static func isTrue(_ name: String, traits: [Trait]) -> Bool {
        if name == nameOfNothing { return !traits.contains { abs($0.effect) >= effectMin } }
        let words = name.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        return words.allSatisfy { word in traits.contains { $0.word == word } }
    }

    /// The most distinctive words, then as many more as it takes to differ, then a number.
    private static func uniqueName(_ traits: [Trait], taken: [String]) -> String {
        var words: [String] = []
        for trait in traits where words.count < wordsMax {
            let least = words.count < wordsMax - 1 ? effectMin : thirdEffectMin
            if abs(trait.effect) >= least { words.append(trait.word) }
        }
        var name = words.isEmpty ? nameOfNothing : words.joined(separator: separator)
        guard taken.contains(name) else { return name }
        for trait in traits where !words.contains(trait.word) {
            // Without words so far this one stands alone: "average" beside it would contradict it.
            let longer = (words + [trait.word]).joined(separator: separator)
            if !taken.contains(longer) { return longer }
        }
        let base = name
        var number = 2
        while taken.contains(name) {
            name = "\(base) \(number)"
            number += 1
        }
        return name
    }

    /// The words that hold for a segment, most distinctive first; each word once.
    private static func traits(
        ofSegment segment: Int, in model: SegmentModel, features: [FeatureDefinition]
    ) -> [Trait] {
        let d = model.featureCount
        let effects = (0..<d).map { axis in
            let scale = model.scales[axis]
            guard scale >= SegmentModel.constantScale, model.weights[axis] > 0 else { return 0.0 }
            return (model.centroids[segment * d + axis] - model.means[axis]) / scale
        }
        let buysLittle = (0..<d).contains { axis in
            FeatureWords.measuresPurchases(features[axis]) && effects[axis] <= -tellingEffectMin
        }
        // What a feature contributes to distances is effect² · weight, so that is how distinctive it is.
        let scores = (0..<d).map { effects[$0] * effects[$0] * model.weights[$0] }
        let order = (0..<d).sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
        var traits: [Trait] = []
        for axis in order where abs(effects[axis]) >= tellingEffectMin {
            let isHigh = effects[axis] > 0
            let typical = model.centroids[segment * d + axis]
            var word = FeatureWords.word(for: features[axis], isHigh: isHigh, typical: typical)
            if isHigh, buysLittle, features[axis].words == nil, FeatureWords.measuresViews(features[axis]) {
                word = "window shoppers"
            }
            guard let word, !traits.contains(where: { $0.word == word }) else { continue }
            traits.append(Trait(word: word, effect: effects[axis]))
        }
        return traits
    }
}
