/// What became of one model on the way to another: segments by identity, features by name.
package struct ModelDifference: Equatable, Sendable, Encodable {
    /// Which model is meant.
    package struct Stamp: Equatable, Sendable, Codable {
        package var version: Int
        package var generation: Int
        package var plan: String
        package var trainedAtMilliseconds: Int64
        package var segments: Int
    }

    /// A segment that only one of the models has.
    package struct Segment: Equatable, Sendable, Encodable {
        package var id: String
        package var name: String
        package var share: Double
    }

    /// A segment that both have.
    package struct Movement: Equatable, Sendable, Encodable {
        package var id: String
        package var name: String
        /// `nil` if it kept its name.
        package var formerName: String?
        /// √d² from the old centroid to the new one, in the old model's scales and weights.
        package var distance: Double
        /// At most 3 features that moved most, most first.
        package var features: [Shift]
        package var formerShare: Double
        package var share: Double
    }

    /// A feature of a centroid, or of the population.
    package struct Shift: Equatable, Sendable, Encodable {
        package var feature: String
        /// In feature space.
        package var from: Double
        package var to: Double
        /// (to − from) / σ of the old model; 0 if it was constant there.
        package var shift: Double
    }

    /// A feature whose spread is another.
    package struct Scale: Equatable, Sendable, Encodable {
        package var feature: String
        package var from: Double
        package var to: Double
    }

    /// A setting that is another; `nil` where a model does not tell it.
    package struct Setting: Equatable, Sendable, Encodable {
        package var name: String
        package var from: String?
        package var to: String?
    }

    package var from: Stamp
    package var to: Stamp
    package var hasSamePlan: Bool
    /// Features that only one of the models has.
    package var featuresGone: [String]
    package var featuresAdded: [String]
    package var born: [Segment]
    package var retired: [Segment]
    /// Every segment that both have, in the new model's order, moved or not.
    package var kept: [Movement]
    /// Features of both whose population mean is another.
    package var means: [Shift]
    package var scales: [Scale]
    package var settings: [Setting]

    /// Segments that both have under different names.
    package var renamed: [Movement] { kept.filter { $0.formerName != nil } }

    /// Whether the models decide and read alike, whatever their versions.
    package var isEmpty: Bool {
        hasSamePlan && featuresGone.isEmpty && featuresAdded.isEmpty && born.isEmpty && retired.isEmpty
            && means.isEmpty && scales.isEmpty && settings.isEmpty
            && kept.allSatisfy { $0.formerName == nil && $0.distance == 0 && $0.share == $0.formerShare }
    }

    /// Features that a moved centroid names.
    package static let shiftsMax = 3
}
