internal import Glibc

/// A bounded sample of the stream in which a vector's chance halves with every half-life of age.
///
/// Efraimidis & Spirakis, "Weighted random sampling with a reservoir", Information Processing Letters 97,
/// 2006, algorithm A-ExpJ: each vector gets a key E/w with E exponential and w = 2^(t / half-life), the
/// smallest keys stay, and once full the next vector to enter is found by one exponential jump. Keys are
/// kept as logarithms, so that weights of any age fit. The order of arrival has no influence on the odds,
/// and a vector's odds do not change by being late.
package struct Reservoir: Sendable {
    package let capacity: Int
    package let featureCount: Int
    /// `[count × d]`, row-major, in no particular order.
    package private(set) var vectors: [Float] = []
    /// Stream time of each vector: `[count]`.
    package private(set) var times: [Int64] = []
    /// Logarithm of each vector's weight: `[count]`.
    private var logWeights: [Double] = []
    package var count: Int { slots.count }

    private let halfLife: Int64
    private var generator: SeededGenerator
    /// Logarithms of the keys as a binary heap, the largest first: `[count]`.
    private var logKeys: [Double] = []
    /// The row of `vectors` that each heap entry stands for: `[count]`.
    private var slots: [Int] = []
    /// Stream time from which weights are measured: that of the first vector.
    private var epoch: Int64?

    /// - Precondition: `capacity` and `featureCount` are positive.
    package init(capacity: Int, featureCount: Int, halfLife: Int64, seed: UInt64) {
        precondition(capacity > 0 && featureCount > 0, "A reservoir holds at least one number.")
        self.capacity = capacity
        self.featureCount = featureCount
        self.halfLife = halfLife
        generator = SeededGenerator(seed: seed)
    }

    /// Offers vectors of one moment; those that hold a value that is not finite are passed over.
    ///
    /// - Parameters:
    ///   - offered: `[n × d]`, row-major.
    ///   - represented: How many vectors of the stream each stands for.
    ///   - time: Stream time, epoch milliseconds.
    /// - Complexity: O(n) random numbers until full, then O(entries · (d + log capacity)).
    package mutating func absorb(_ offered: [Float], representing represented: Double, at time: Int64) {
        guard represented > 0 else { return }
        let start = epoch ?? time
        epoch = start
        let age = halfLife > 0 ? (Double(time) - Double(start)) / Double(halfLife) : 0
        let logWeight = age * 0.693_147_180_559_945_3 + log(represented)
        let offeredCount = offered.count / featureCount
        var index = 0
        while index < offeredCount, count < capacity {
            let logKey = log(-log(generator.nextUnit())) - logWeight
            insert(offered, row: index, at: time, logKey: logKey, logWeight: logWeight)
            index += 1
        }
        while index < offeredCount, let threshold = logKeys.first {
            // A vector enters with chance 1 − e^(−rate): its key must fall below the largest one held.
            let rate = exp(threshold + logWeight)
            let skipped = rate > 0 ? (-log(generator.nextUnit()) / rate).rounded(.down) : .infinity
            guard skipped < Double(offeredCount - index) else { return }
            index += Int(skipped)
            let entering = -log1p(generator.nextUnit() * expm1(-rate))
            // Rounding may make an exponential number 0, whose logarithm would never leave again.
            let logKey = min(log(max(entering, 0x1p-1000)) - logWeight, threshold)
            insert(offered, row: index, at: time, logKey: logKey, logWeight: logWeight)
            index += 1
        }
    }

    /// Draws rows so that each vector stands for as much of the decayed stream as any other.
    ///
    /// Until the reservoir is full it holds the past as completely as the present, so the old are thinned
    /// out: each stays by its Horvitz–Thompson weight w/(1 − e^(−wτ)), with τ the largest key held (Cohen &
    /// Kaplan, "Summarizing data using bottom-k sketches", PODC 2007, section 3).
    ///
    /// - Parameters:
    ///   - countMin: Vectors wanted at least, on average, though more of the old are among them then.
    ///   - generator: Draws.
    /// - Returns: Rows of `vectors`, ascending.
    package func thinnedRows(countMin: Int, using generator: inout SeededGenerator) -> [Int] {
        let threshold = count == capacity ? logKeys[0] : .infinity
        let weights = logWeights.map { logWeight in
            logWeight - log(-expm1(-exp(logWeight + threshold)))
        }
        guard let largest = weights.max() else { return [] }
        let wanted = Double(min(countMin, count))
        func chance(_ weight: Double, _ doublings: Double) -> Double {
            min(1, exp(weight - largest + doublings * log(2)))
        }
        // Ease comes by doublings: what is too many by less than that does no harm. The fewest that do are
        // found by halving, since a few rows of long ago may be any number of half-lives away.
        func areEnough(_ doublings: Double) -> Bool {
            weights.reduce(0) { $0 + chance($1, doublings) } >= wanted
        }
        var (low, high) = (-1.0, ((largest - (weights.min() ?? largest)) / log(2)).rounded(.up))
        while case let middle = ((low + high) / 2).rounded(.down), low < middle, middle < high {
            if areEnough(middle) { high = middle } else { low = middle }
        }
        return weights.indices.filter { generator.nextUnit() < chance(weights[$0], high) }
    }

    /// The vectors of some rows, one after the other: `[rows × d]`.
    package func vectors(of rows: [Int]) -> [Float] {
        var found: [Float] = []
        found.reserveCapacity(rows.count * featureCount)
        for row in rows {
            for place in row * featureCount..<(row + 1) * featureCount { found.append(vectors[place]) }
        }
        return found
    }

    /// Puts one vector in, in place of the one with the largest key once full.
    private mutating func insert(
        _ offered: [Float], row: Int, at time: Int64, logKey: Double, logWeight: Double
    ) {
        let start = row * featureCount
        for axis in start..<start + featureCount where !offered[axis].isFinite { return }
        if count < capacity {
            vectors += offered[start..<start + featureCount]
            times.append(time)
            logWeights.append(logWeight)
            logKeys.append(logKey)
            slots.append(count)
            siftUp()
        } else {
            let target = slots[0] * featureCount
            for axis in 0..<featureCount { vectors[target + axis] = offered[start + axis] }
            times[slots[0]] = time
            logWeights[slots[0]] = logWeight
            logKeys[0] = logKey
            siftDown()
        }
    }

    private mutating func siftUp() {
        var child = count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard logKeys[child] > logKeys[parent] else { return }
            logKeys.swapAt(child, parent)
            slots.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < count else { return }
            let right = left + 1
            let largest = right < count && logKeys[right] > logKeys[left] ? right : left
            guard logKeys[largest] > logKeys[parent] else { return }
            logKeys.swapAt(parent, largest)
            slots.swapAt(parent, largest)
            parent = largest
        }
    }
}
