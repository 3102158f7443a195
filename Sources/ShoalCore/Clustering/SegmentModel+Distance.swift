extension SegmentModel {
    /// d² = Σ factor · (x − c)² from a row of a table to a segment's centroid.
    ///
    /// - Parameters:
    ///   - row: Which row of `vectors`.
    ///   - vectors: `[n × d]`, row-major, in feature space.
    ///   - segment: `0 ..< k`.
    ///   - factors: `distanceFactors`, computed once by the caller.
    /// - Returns: d², not negative.
    /// - Complexity: O(d). Does not allocate.
    @inline(__always)
    func squaredDistance<Scalar: BinaryFloatingPoint>(
        fromRow row: Int, of vectors: [Scalar], toSegment segment: Int, factors: [Double]
    ) -> Double {
        let d = factors.count
        var sum = 0.0
        for axis in 0..<d {
            let difference = Double(vectors[row &* d &+ axis]) - centroids[segment &* d &+ axis]
            sum += factors[axis] * difference * difference
        }
        return sum
    }

    /// The segment with the least d² to a row of a table, the first of equals.
    ///
    /// - Complexity: O(k·d). Does not allocate.
    @inline(__always)
    func nearestSegment<Scalar: BinaryFloatingPoint>(
        toRow row: Int, of vectors: [Scalar], factors: [Double]
    ) -> (index: Int, squaredDistance: Double) {
        var nearest = (index: 0, squaredDistance: Double.infinity)
        for segment in 0..<segmentCount {
            let distance = squaredDistance(fromRow: row, of: vectors, toSegment: segment, factors: factors)
            if distance < nearest.squaredDistance { nearest = (segment, distance) }
        }
        return nearest
    }
}
