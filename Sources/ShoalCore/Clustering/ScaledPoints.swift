/// Weighted vectors made ready for distance work: centred, scaled, in rows of four-lane blocks.
///
/// Distances between rows are plain Euclidean and equal the model's d² up to `Float` rounding; centring
/// first keeps that rounding relative to the spread and not to the offset. Padding lanes are zero.
struct ScaledPoints: Sendable {
    let count: Int
    /// Four-lane blocks of one row: ⌈d/4⌉.
    let blocks: Int
    /// `[count × blocks]`, row-major.
    let lanes: [SIMD4<Float>]
    /// How many vectors each row stands for: `[count]`.
    let weights: [Double]

    /// Scales `[n × d]` row-major vectors to `(x − origin)·√factor`.
    ///
    /// - Precondition: `origin` and `factors` are `[d]`, `weights` `[n]`; everything is finite.
    init(vectors: [Double], weights: [Double], origin: [Double], factors: [Double]) {
        let dimension = origin.count
        precondition(
            dimension > 0 && factors.count == dimension, "Origin and factors have one value per feature.")
        precondition(vectors.count == weights.count * dimension, "There is one weight per vector.")
        count = weights.count
        blocks = (dimension + 3) / 4
        self.weights = weights
        lanes = Self.packed(vectors: vectors, origin: origin, factors: factors)
    }

    private init(count: Int, blocks: Int, lanes: [SIMD4<Float>], weights: [Double]) {
        self.count = count
        self.blocks = blocks
        self.lanes = lanes
        self.weights = weights
    }

    /// Scales and pads `[n × d]` row-major vectors: `[n × ⌈d/4⌉]`.
    static func packed(vectors: [Double], origin: [Double], factors: [Double]) -> [SIMD4<Float>] {
        let dimension = origin.count
        let blocks = (dimension + 3) / 4
        let count = vectors.count / dimension
        let origins = (0..<blocks).map { four(origin, from: 4 * $0, to: dimension) }
        let roots = (0..<blocks).map { four(factors, from: 4 * $0, to: dimension).squareRoot() }
        var lanes = [SIMD4<Float>](repeating: .zero, count: count * blocks)
        for row in 0..<count {
            let start = row * dimension
            for block in 0..<blocks {
                let values = four(vectors, from: start + 4 * block, to: start + dimension)
                lanes[row * blocks + block] = SIMD4<Float>((values - origins[block]) * roots[block])
            }
        }
        return lanes
    }

    /// Four numbers from a place on, 0 from `end` on.
    @inline(__always)
    private static func four(_ numbers: [Double], from start: Int, to end: Int) -> SIMD4<Double> {
        if start + 4 <= end {
            return SIMD4(numbers[start], numbers[start + 1], numbers[start + 2], numbers[start + 3])
        }
        var result = SIMD4<Double>.zero
        for place in start..<end { result[place - start] = numbers[place] }
        return result
    }

    /// The rows with the given indices, with weight 1 each.
    func selecting(_ indices: [Int]) -> ScaledPoints {
        var selected: [SIMD4<Float>] = []
        selected.reserveCapacity(indices.count * blocks)
        for index in indices { selected += lanes[index * blocks..<(index + 1) * blocks] }
        return ScaledPoints(
            count: indices.count, blocks: blocks, lanes: selected,
            weights: Array(repeating: 1, count: indices.count))
    }

    /// Squared distance between row `left` of one table and row `right` of another.
    ///
    /// - Complexity: O(`blocks`). Does not allocate.
    @inline(__always)
    static func squaredDistance(
        _ leftTable: Span<SIMD4<Float>>, _ left: Int, _ rightTable: Span<SIMD4<Float>>, _ right: Int,
        blocks: Int
    ) -> Float {
        let leftStart = left &* blocks
        let rightStart = right &* blocks
        var sum = SIMD4<Float>.zero
        var block = 0
        while block < blocks {
            let difference = leftTable[leftStart &+ block] - rightTable[rightStart &+ block]
            sum += difference * difference
            block &+= 1
        }
        return (sum.x + sum.y) + (sum.z + sum.w)
    }
}
