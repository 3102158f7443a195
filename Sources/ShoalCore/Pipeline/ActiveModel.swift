/// The model in force, laid out for the per-event loop.
///
/// Centroids lie in blocks of eight segments, feature by feature, so that one pass over a vector gives eight
/// distances.
@safe struct ActiveModel: ~Copyable {
    /// The nearest segment, the next, and how far they are.
    struct Nearest {
        var index: Int
        var squaredDistance: Float
        /// `infinity` if there is no second segment.
        var secondSquaredDistance: Float
    }

    private let featureCount: Int
    /// 0 before the first model.
    let segmentCount: Int
    private let blockCount: Int
    // Owned by this value alone, allocated and freed with it; the indices are bounded by the counts above.
    private let centroids: UnsafeMutablePointer<SIMD8<Float>>
    private let factors: UnsafeMutablePointer<Float>
    private let distances: UnsafeMutablePointer<SIMD8<Float>>
    /// Infinite in the lanes of the last block that no segment has, 0 in the others.
    private let absence: SIMD8<Float>
    let reasons: ReasonTable
    // Those of `reasons`, which live at least as long as this value.
    private let rows: UnsafePointer<Double>
    /// Position of each identity in the model, −1 where it has none.
    private let indexOfID: FrozenArray<Int32>
    private let scales: FrozenArray<Double>
    let outlierSquaredDistances: FrozenArray<Float>
    let ids: FrozenArray<UInt32>
    let version: Int
    let generation: Int

    /// Before the first model: nothing to measure against.
    init(featureCount: Int) {
        self.featureCount = featureCount
        segmentCount = 0
        blockCount = 0
        unsafe centroids = .allocate(capacity: 0)
        unsafe factors = .allocate(capacity: 0)
        unsafe distances = .allocate(capacity: 0)
        absence = .zero
        reasons = ReasonTable()
        unsafe rows = reasons.numbers
        indexOfID = FrozenArray()
        ids = FrozenArray()
        scales = FrozenArray()
        outlierSquaredDistances = FrozenArray()
        version = 0
        generation = 0
    }

    /// - Parameters:
    ///   - model: the one to be in force.
    ///   - featureNames: `[d]`, escaped.
    init(_ model: SegmentModel, featureNames: FrozenTexts) {
        let d = model.featureCount
        featureCount = d
        segmentCount = model.segmentCount
        blockCount = (model.segmentCount + 7) / 8
        unsafe centroids = .allocate(capacity: blockCount * d)
        unsafe factors = .allocate(capacity: d)
        unsafe distances = .allocate(capacity: blockCount)
        unsafe distances.initialize(repeating: .zero, count: blockCount)
        var absence = SIMD8<Float>.zero
        for lane in 0..<8 where 8 * (blockCount - 1) + lane >= model.segmentCount {
            absence[lane] = .infinity
        }
        self.absence = absence
        for (feature, factor) in model.distanceFactors.enumerated() {
            unsafe factors[feature] = Float(factor)
        }
        reasons = ReasonTable(model, featureNames: featureNames)
        unsafe rows = reasons.numbers
        for block in 0..<blockCount {
            for feature in 0..<d {
                var lanes = SIMD8<Float>.zero
                for lane in 0..<8 where block * 8 + lane < model.segmentCount {
                    lanes[lane] = Float(model.centroids[(block * 8 + lane) * d + feature])
                }
                unsafe (centroids + block * d + feature).initialize(to: lanes)
            }
        }
        scales = FrozenArray(model.scales)
        ids = FrozenArray(model.segments.map { UInt32($0.id) })
        outlierSquaredDistances = FrozenArray(model.segments.map { Float($0.outlierSquaredDistance) })
        version = model.version
        generation = model.generation
        var positions = Array(repeating: Int32(-1), count: max(model.nextSegmentID, 1))
        for (index, segment) in model.segments.enumerated() { positions[segment.id] = Int32(index) }
        indexOfID = FrozenArray(positions)
    }

    deinit {
        unsafe centroids.deallocate()
        unsafe factors.deallocate()
        unsafe distances.deallocate()
    }

    /// What is typical of a segment in one feature.
    @inline(__always)
    func typical(_ feature: Int, ofSegment index: Int) -> Double {
        precondition(index >= 0 && index < segmentCount && feature >= 0 && feature < featureCount)
        return unsafe rows[index * featureCount + feature]
    }

    /// What a feature's squared difference is multiplied with in d².
    @inline(__always)
    func factor(_ feature: Int) -> Double {
        precondition(feature >= 0 && feature < featureCount)
        return unsafe rows[(segmentCount + 1) * featureCount + feature]
    }

    /// σ of a feature over the training vectors.
    @inline(__always)
    func scale(_ feature: Int) -> Double { scales[feature] }

    /// How the reasons of a change name it; a segment of another model counts as none.
    @inline(__always)
    func move(fromSegment id: UInt32, to target: Int) -> ReasonTable.Move {
        ReasonTable.Move(origin: Int32(index(ofSegment: id) ?? segmentCount), target: Int32(target))
    }

    /// Where a segment stands in the model, or `nil` if it is not in it.
    @inline(__always)
    func index(ofSegment id: UInt32) -> Int? {
        guard id != 0, Int(id) < indexOfID.count, indexOfID[Int(id)] >= 0 else { return nil }
        return Int(indexOfID[Int(id)])
    }

    /// Measures a vector against every segment; `squaredDistance(to:)` then tells each.
    ///
    /// - Parameter vector: `[d]`, in feature space.
    /// - Returns: the nearest segment and how clear the choice is.
    /// - Complexity: O(k·d). Does not allocate.
    @inline(__always)
    func measure(_ vector: UnsafePointer<Float>) -> Nearest {
        var nearest = TwoNearest()
        for block in 0..<blockCount {
            var sum = SIMD8<Float>.zero
            let base = unsafe centroids + block * featureCount
            for feature in 0..<featureCount {
                let difference = unsafe SIMD8(repeating: vector[feature]) - base[feature]
                sum += unsafe difference * difference * factors[feature]
            }
            unsafe distances[block] = sum
            nearest.take(block == blockCount - 1 ? sum + absence : sum, from: 8 * block)
        }
        let result = nearest.result
        return Nearest(
            index: result.index, squaredDistance: result.first, secondSquaredDistance: result.second)
    }

    /// d² of the vector last measured to one segment.
    @inline(__always)
    func squaredDistance(to index: Int) -> Float {
        precondition(index >= 0 && index < segmentCount)
        return unsafe UnsafeRawPointer(distances).load(fromByteOffset: 4 * index, as: Float.self)
    }
}
