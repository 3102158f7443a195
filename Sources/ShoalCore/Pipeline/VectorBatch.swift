/// The newest vectors of the customers touched since the last summary.
@safe struct VectorBatch: ~Copyable {
    let featureCount: Int
    let capacity: Int
    private(set) var count = 0
    /// Milliseconds, on the caller's clock, at which the first vector came.
    private(set) var startMilliseconds: Int64 = .min

    // Owned by this value alone and freed in `deinit`; slots are below `capacity`, map positions below its
    // size.
    private let vectors: UnsafeMutablePointer<Float>
    private let evidence: UnsafeMutablePointer<Double>
    private let segments: UnsafeMutablePointer<Int32>
    private let squaredDistances: UnsafeMutablePointer<Float>
    /// Open addressing from profile row to slot: row + 1 in the high half, slot in the low, 0 for none.
    private let map: UnsafeMutablePointer<UInt64>
    private let mapMask: Int
    /// Where in the map each slot's entry is, so that only what was used is cleared.
    private let positions: UnsafeMutablePointer<Int>

    init(featureCount: Int, capacity: Int) {
        self.featureCount = featureCount
        self.capacity = capacity
        unsafe vectors = .allocate(capacity: capacity * featureCount)
        unsafe evidence = .allocate(capacity: capacity * featureCount * 2)
        unsafe evidence.initialize(repeating: 0, count: capacity * featureCount * 2)
        unsafe segments = .allocate(capacity: capacity)
        unsafe squaredDistances = .allocate(capacity: capacity)
        var mapSize = 4
        while mapSize < capacity * 4 { mapSize *= 2 }
        mapMask = mapSize - 1
        unsafe map = .allocate(capacity: mapSize)
        unsafe map.initialize(repeating: 0, count: mapSize)
        unsafe positions = .allocate(capacity: capacity)
    }

    deinit {
        unsafe vectors.deallocate()
        unsafe evidence.deallocate()
        unsafe segments.deallocate()
        unsafe squaredDistances.deallocate()
        unsafe map.deallocate()
        unsafe positions.deallocate()
    }

    /// The slot of a profile's row, taken if it has none; at most `capacity` until `removeAll`.
    @inline(__always)
    mutating func slot(forRow row: Int, now: Int64) -> Int {
        var position = Int(truncatingIfNeeded: StableHash.mix(UInt64(row))) & mapMask
        while true {
            let entry = unsafe map[position]
            if entry == 0 { break }
            if Int(entry >> 32) == row + 1 { return Int(entry & 0xffff_ffff) }
            position = (position + 1) & mapMask
        }
        precondition(count < capacity, "A full batch is summarised before the next vector.")
        unsafe map[position] = UInt64(row + 1) << 32 | UInt64(count)
        unsafe positions[count] = position
        if count == 0 { startMilliseconds = now }
        count += 1
        return count - 1
    }

    /// `[d]`, to be filled by the caller.
    @inline(__always)
    func vector(_ slot: Int) -> UnsafeMutablePointer<Float> {
        precondition(slot >= 0 && slot < count)
        return unsafe vectors + slot * featureCount
    }

    /// Remembers the nearest segment and d² to it; −1 before the first model.
    @inline(__always)
    func setSegment(_ segment: Int, squaredDistance: Float, slot: Int) {
        precondition(slot >= 0 && slot < count)
        unsafe segments[slot] = Int32(segment)
        unsafe squaredDistances[slot] = squaredDistance
    }

    @inline(__always)
    func setEvidence(_ value: (numerator: Double, denominator: Double), feature: Int, slot: Int) {
        precondition(slot >= 0 && slot < count && feature < featureCount)
        unsafe evidence[(slot * featureCount + feature) * 2] = value.numerator
        unsafe evidence[(slot * featureCount + feature) * 2 + 1] = value.denominator
    }

    /// Starts the next batch.
    mutating func removeAll() {
        forgetRows()
        count = 0
    }

    /// Forgets which row has which slot, because rows have moved.
    func forgetRows() {
        for slot in 0..<count { unsafe map[positions[slot]] = 0 }
    }

    /// Adds what the batch holds to an empty summary.
    ///
    /// Moments are two-pass, so they do not cancel. The sample is drawn evenly; before the first model it is
    /// the whole batch, as seeding has nothing else.
    func summarise(
        into summary: inout BatchSummary, hasModel: Bool, populationFeatures: FrozenArray<Int>
    ) {
        summary.count = count
        addMoments(to: &summary)
        for position in populationFeatures.indices {
            let feature = populationFeatures[position]
            var (numerator, denominator) = (0.0, 0.0)
            for slot in 0..<count {
                numerator += unsafe evidence[(slot * featureCount + feature) * 2]
                denominator += unsafe evidence[(slot * featureCount + feature) * 2 + 1]
            }
            summary.priorNumerators[feature] += numerator
            summary.priorDenominators[feature] += denominator
        }
        if hasModel { addSegments(to: &summary) }
        let sampled = hasModel ? min(count, BatchSummary.sampleMax) : count
        summary.sample.reserveCapacity(sampled * featureCount)
        for index in 0..<sampled {
            let start = unsafe vectors + index * count / sampled * featureCount
            unsafe summary.sample.append(contentsOf: UnsafeBufferPointer(start: start, count: featureCount))
        }
    }

    /// Mean and sum of squared deviations of each feature, in two passes over the vectors.
    private func addMoments(to summary: inout BatchSummary) {
        let d = featureCount
        let count = count
        unsafe summary.means.withUnsafeMutableBufferPointer { means in
            unsafe summary.squaredDeviations.withUnsafeMutableBufferPointer { deviations in
                precondition(means.count == d && deviations.count == d)
                var vector = unsafe UnsafePointer(vectors)
                for _ in 0..<count {
                    for feature in 0..<d { unsafe means[feature] += Double(vector[feature]) }
                    unsafe vector += d
                }
                for feature in 0..<d { unsafe means[feature] /= Double(max(count, 1)) }
                unsafe vector = UnsafePointer(vectors)
                for _ in 0..<count {
                    for feature in 0..<d {
                        let deviation = unsafe Double(vector[feature]) - means[feature]
                        unsafe deviations[feature] += deviation * deviation
                    }
                    unsafe vector += d
                }
            }
        }
    }

    /// Count, sum and Σd² of each segment's vectors.
    private func addSegments(to summary: inout BatchSummary) {
        let d = featureCount
        let segmentCount = summary.segmentCounts.count
        for slot in 0..<count {
            let segment = unsafe Int(segments[slot])
            guard segment >= 0, segment < segmentCount else { continue }
            summary.segmentCounts[segment] += 1
            summary.segmentSquaredDistances[segment] += unsafe Double(squaredDistances[slot])
        }
        unsafe summary.segmentSums.withUnsafeMutableBufferPointer { sums in
            precondition(sums.count == segmentCount * d)
            for slot in 0..<count {
                let segment = unsafe Int(segments[slot])
                guard segment >= 0, segment < segmentCount, let start = sums.baseAddress else { continue }
                let row = unsafe start + segment * d
                let vector = unsafe vectors + slot * d
                for feature in 0..<d { unsafe row[feature] += Double(vector[feature]) }
            }
        }
    }
}
