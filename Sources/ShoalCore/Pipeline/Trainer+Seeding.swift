extension Trainer {
    /// Publishes the first model once there is enough to seed it from.
    mutating func seedIfWarm() -> SegmentModel? {
        guard reservoir.count >= max(1, min(settings.warmup, reservoir.capacity)) else { return nil }
        var first = SegmentModel(
            version: 1, generation: used.generation + 1, planHash: planHash,
            featureNames: features.map(\.name), segments: [],
            centroids: [], masses: [], scales: (0..<featureCount).map { moments.scale($0) },
            means: moments.means, weights: features.map(\.weight),
            priors: Array(repeating: 0, count: featureCount), nextSegmentID: used.nextSegmentID,
            trainedAtMilliseconds: newestTime ?? 0)
        first.definitions = features
        first.settings = settings.words
        let vectors = reservoir.vectors
        let seeding = seeding(of: vectors, factors: first.distanceFactors)
        let clusterCount =
            switch settings.clusterCount {
            case .fixed(let count): count
            case .automatic: seeding.chosenClusterCount(max: settings.clusterCountMax, using: &generator)
            }
        let clusters = seeding.clustersBySample(
            count: clusterCount, restarts: Seeding.restarts, shareMin: shareOfNewMin(of: clusterCount),
            using: &generator)
        first.nextSegmentID += clusters.count
        segmentIDs = Array(used.nextSegmentID..<first.nextSegmentID)
        first.segments = segmentIDs.map {
            SegmentModel.Segment(id: $0, name: "", share: 0, outlierSquaredDistance: 0)
        }
        adopt(clusters, of: vectors, into: &first)
        first.origin = first.originOfFirst()
        lineage = segmentIDs.map {
            SegmentLineage(
                kind: .born, segment: $0, generation: first.generation,
                atMilliseconds: first.trainedAtMilliseconds)
        }
        first.lineage = lineage
        reviewedMass = moments.mass
        forgetVectorsWithoutPriors()
        first.version = used.version
        model = first
        return publish(sample: [], sampleCount: 0)
    }

    /// Vectors of the reservoir, `[n × d]`, readied for clustering by these factors.
    func seeding(of vectors: [Float], factors: [Double]) -> Seeding {
        Seeding(
            vectors: vectors.map(Double.init),
            weights: Array(repeating: 1, count: vectors.count / featureCount), origin: moments.means,
            factors: factors)
    }

    /// Puts centroids, masses, outlier thresholds and names of clusters of these vectors in place; segments
    /// are in their order.
    mutating func adopt(_ clusters: Seeding.Clusters, of vectors: [Float], into model: inout SegmentModel) {
        // The reservoir is a sample: its members stand for all vectors so far, each by its share.
        let massPerMember = moments.mass / Double(clusters.members.count)
        let seeded = MiniBatchKMeans(
            centroids: clusters.centroids, masses: clusters.masses.map { $0 * massPerMember },
            featureCount: featureCount)
        model.centroids = seeded.centroids
        let factors = model.distanceFactors
        let distances = clusters.members.indices.map { index in
            model.squaredDistance(
                fromRow: index, of: vectors, toSegment: clusters.members[index], factors: factors)
        }
        thresholds = OutlierThresholds(
            squaredDistances: distances, members: clusters.members, segmentCount: clusters.count)
        for (index, name) in SegmentNaming.names(for: model, features: features).enumerated() {
            model.segments[index].name = name
        }
        clustering = seeded
    }

    /// Empties the reservoir after the first model if its vectors were shrunk towards priors not yet known.
    private mutating func forgetVectorsWithoutPriors() {
        guard features.contains(where: \.kind.usesPopulation) else { return }
        reservoir = Reservoir(
            capacity: reservoir.capacity, featureCount: featureCount, halfLife: settings.halfLife,
            seed: generator.next())
    }
}
