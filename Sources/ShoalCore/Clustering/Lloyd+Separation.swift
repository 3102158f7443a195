extension Lloyd {
    /// How far apart the two clusters are that are told apart worst: the distance of their centroids over the
    /// standard deviation of their points along the line between them.
    ///
    /// The measure of bimodality of Ashman, Bird, Zepf, "Detecting bimodality in astronomical datasets",
    /// Astronomical Journal 108, 1994, equation 4, with one deviation for both sides. Two halves of one
    /// normal cluster have 2√(2/π)/√(1 − 2/π) = 2.65, and any other cut through it less.
    ///
    /// - Returns: `infinity` for fewer than two clusters with points.
    /// - Complexity: O(n·k·d).
    func separation() -> Double {
        let blocks = points.blocks
        var least = Double.infinity
        for first in 0..<clusterCount {
            for second in 0..<first {
                var line = [SIMD4<Float>](repeating: .zero, count: blocks)
                var squaredLength: Float = 0
                for block in 0..<blocks {
                    line[block] = centroids[first * blocks + block] - centroids[second * blocks + block]
                    squaredLength += (line[block] * line[block]).sum()
                }
                guard squaredLength > 0 else { return 0 }
                let deviation = spread(of: first, second, along: line, squaredLength: squaredLength)
                guard deviation > 0 else { continue }
                least = min(least, Double(squaredLength.squareRoot()) / deviation)
            }
        }
        return least
    }

    /// The standard deviation of the points of two clusters from their own means, along a line.
    private func spread(of first: Int, _ second: Int, along line: [SIMD4<Float>], squaredLength: Float)
        -> Double
    {
        let blocks = points.blocks
        var count = 0.0
        var total = 0.0
        for index in 0..<points.count where members[index] == first || members[index] == second {
            var way: Float = 0
            for block in 0..<blocks {
                let centroid = centroids[members[index] * blocks + block]
                way += ((points.lanes[index * blocks + block] - centroid) * line[block]).sum()
            }
            count += points.weights[index]
            total += points.weights[index] * Double(way * way)
        }
        return count > 0 ? (total / (count * Double(squaredLength))).squareRoot() : 0
    }
}
