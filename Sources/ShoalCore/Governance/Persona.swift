/// A segment as a person reads it: what its members are like, in the features' own units, beside everybody.
package struct Persona: Equatable, Sendable, Encodable {
    /// What a feature's numbers mean.
    package enum Unit: String, Sendable, Encodable {
        case number, hours
        /// 0…1 of a whole.
        case share
        /// Events of one kind for each of another.
        case perOne = "per_one"
        /// log2 of how often now against before.
        case doublings
        /// After a transform that cannot be taken back, because the model does not tell its definition.
        case transformed
    }

    /// One feature in the segment and in the population.
    package struct Trait: Equatable, Sendable, Encodable {
        package var feature: String
        /// What members are called for it, `big spenders`; `nil` where the effect is too small for a word.
        package var word: String?
        package var unit: Unit
        /// The centroid, before `transform`.
        package var typical: Double
        /// The population's mean, before `transform`.
        package var population: Double
        /// (centroid − mean) / σ, after `transform`: Cohen's d against the population; 0 if it is constant.
        package var effect: Double
        /// Multiplies its squared difference in distances.
        package var weight: Double
    }

    /// What members choose among channels or categories, from the shares that the plan counts.
    package struct Preference: Equatable, Sendable, Encodable {
        /// One value, or those that a feature takes together; those it is not, if `isRest`.
        package var values: [String]
        /// Most goes to what no feature counts.
        package var isRest: Bool
        package var share: Double
        package var population: Double
    }

    /// What a change says whose customer comes from the segment that is nearest.
    package struct Example: Equatable, Sendable, Encodable {
        package struct Reason: Equatable, Sendable, Encodable {
            package var feature: String
            package var unit: Unit
            /// The centroid, before `transform`.
            package var value: Double
            /// The other segment's.
            package var wasTypical: Double
            /// Share of the difference in d².
            package var contribution: Double
        }

        /// The other segment.
        package var from: String
        /// At most 3, most first.
        package var reasons: [Reason]
    }

    package var id: String
    package var name: String
    package var isRenamed: Bool
    /// Share of the training vectors, 0…1.
    package var share: Double
    /// Decayed number of training vectors.
    package var size: Double
    /// Every feature, in the plan's order: `[d]`.
    package var typical: [Trait]
    /// At most 5 with at least a small effect, most distinctive first.
    package var distinctive: [Trait]
    package var channel: Preference?
    package var category: Preference?
    /// Mean amount of an order.
    package var orderValue: Trait?
    /// `nil` if there is no other segment.
    package var example: Example?

    /// Reasons of the example: what a person remembers of a change.
    package static let reasonsMax = 3
    /// Traits that set a segment apart: as many as a person takes in.
    package static let distinctiveMax = 5
}
