/// What the trainer has learned: one immutable, versioned artefact that lanes assign with.
///
/// `d` is the number of features and `k` the number of segments. Centroids live in feature space, so that
/// scales can follow the data without moving them.
package struct SegmentModel: Equatable, Sendable {
    /// A cluster with an identity that outlives retraining.
    package struct Segment: Equatable, Sendable {
        /// The number in `s1`, `s2` …; never reused.
        package var id: Int
        package var name: String
        /// A person gave the name, so learning leaves it alone.
        package var isRenamed = false
        /// Decayed share of the training vectors, 0…1.
        package var share: Double
        /// d² beyond which a member is an outlier: the 99.5 % quantile.
        package var outlierSquaredDistance: Double

        package init(id: Int, name: String, share: Double, outlierSquaredDistance: Double) {
            self.id = id
            self.name = name
            self.share = share
            self.outlierSquaredDistance = outlierSquaredDistance
        }

        /// The identity as outputs write it.
        package var label: String { "s\(id)" }
    }

    /// Grows with every publication, from 1.
    package var version: Int
    /// Grows with every structural change, from 1.
    package var generation: Int
    package var planHash: UInt64
    package var featureNames: [String]
    package var segments: [Segment]
    /// `[k × d]`, row-major, in feature space.
    package var centroids: [Double]
    /// Decayed number of vectors behind each centroid: `[k]`.
    package var masses: [Double]
    /// σ of each feature over the training vectors: `[d]`.
    package var scales: [Double]
    /// Mean of each feature over the training vectors: `[d]`.
    package var means: [Double]
    /// Configured weight of each feature: `[d]`.
    package var weights: [Double]
    /// Σa/Σb of each ratio and share over the training vectors, 0 for other features: `[d]`.
    package var priors: [Double]
    /// The identity that the next new segment gets.
    package var nextSegmentID: Int
    /// Stream time of the newest summary behind it, epoch milliseconds.
    package var trainedAtMilliseconds: Int64
    /// The same for all that was learned on from one seeding; 0 if unknown.
    package var origin: UInt64 = 0
    /// Where its segments come from and where earlier ones went, oldest first.
    package var lineage: [SegmentLineage] = []
    /// What its features measure, for reading it without its configuration: `[d]`, empty if unknown.
    package var definitions: [FeatureDefinition] = []
    /// What it was learned with, by the names of a configuration; empty if unknown.
    package var settings: [String: String] = [:]

    /// Arrays have the shapes that the properties tell.
    package init(
        version: Int, generation: Int, planHash: UInt64, featureNames: [String], segments: [Segment],
        centroids: [Double], masses: [Double], scales: [Double], means: [Double], weights: [Double],
        priors: [Double], nextSegmentID: Int, trainedAtMilliseconds: Int64
    ) {
        self.version = version
        self.generation = generation
        self.planHash = planHash
        self.featureNames = featureNames
        self.segments = segments
        self.centroids = centroids
        self.masses = masses
        self.scales = scales
        self.means = means
        self.weights = weights
        self.priors = priors
        self.nextSegmentID = nextSegmentID
        self.trainedAtMilliseconds = trainedAtMilliseconds
    }

    /// A feature that varies less than this is constant and gets weight 0 in distances.
    package static let constantScale = 1e-6

    package var segmentCount: Int { segments.count }
    package var featureCount: Int { featureNames.count }

    /// Factor of each feature's squared difference in d²: w/σ², 0 for a constant feature: `[d]`.
    package var distanceFactors: [Double] {
        zip(weights, scales).map { weight, scale in
            scale < Self.constantScale ? 0 : weight / (scale * scale)
        }
    }
}
