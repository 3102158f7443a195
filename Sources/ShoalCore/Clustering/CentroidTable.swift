/// Centroids laid out eight side by side, so that one pass over a point gives eight distances.
struct CentroidTable {
    /// The nearest centroid of a point, and d² to it and to the second nearest (infinite if there is none).
    struct Nearest: Equatable {
        let cluster: Int
        let first: Float
        let second: Float
    }

    private let blocks: Int
    /// Axis by axis for each eight centroids, those that are missing infinitely far: `[⌈k/8⌉ × 4·blocks]`.
    private var columns: [SIMD8<Float>]

    /// - Parameters:
    ///   - centroids: `[k × blocks]`.
    ///   - blocks: Four-lane blocks of one row.
    init(_ centroids: [SIMD4<Float>], blocks: Int) {
        self.blocks = blocks
        let groups = (centroids.count / blocks + 7) / 8
        columns = Array(repeating: SIMD8(repeating: .infinity), count: groups * 4 * blocks)
        for index in centroids.indices {
            let (cluster, block) = index.quotientAndRemainder(dividingBy: blocks)
            for lane in 0..<4 {
                columns[(cluster / 8 * blocks + block) * 4 + lane][cluster % 8] = centroids[index][lane]
            }
        }
    }

    /// Measures row `index` of a table of points against every centroid.
    ///
    /// - Complexity: O(k·d). Does not allocate.
    @inline(__always)
    func nearest(toRow index: Int, of lanes: Span<SIMD4<Float>>) -> Nearest {
        let columns = columns.span
        var nearest = TwoNearest()
        var column = 0
        var cluster = 0
        while column < columns.count {
            var even = SIMD8<Float>.zero
            var odd = SIMD8<Float>.zero
            for block in 0..<blocks {
                let lane = lanes[index &* blocks &+ block]
                let x = SIMD8(repeating: lane.x) - columns[column]
                let y = SIMD8(repeating: lane.y) - columns[column &+ 1]
                let z = SIMD8(repeating: lane.z) - columns[column &+ 2]
                let w = SIMD8(repeating: lane.w) - columns[column &+ 3]
                even += x * x
                odd += y * y
                even += z * z
                odd += w * w
                column &+= 4
            }
            nearest.take(even + odd, from: cluster)
            cluster &+= 8
        }
        let result = nearest.result
        return Nearest(cluster: result.index, first: result.first, second: result.second)
    }
}
