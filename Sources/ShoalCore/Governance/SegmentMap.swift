/// Where segments lie beside each other on a sheet of paper: their centroids on the first two principal
/// components.
///
/// Pearson, "On lines and planes of closest fit to systems of points in space", 1901. Centroids are compared
/// as distances compare them, in standard deviations times the root of the weight, and count by their share.
/// The components come from power iteration; the sign of each is such that its largest coordinate is
/// positive, so that the map does not flip between versions.
package struct SegmentMap: Equatable, Sendable {
    package struct Position: Equatable, Sendable, Encodable {
        package var x: Double
        package var y: Double
    }

    private static let iterations = 100

    /// In the model's order.
    package let positions: [Position]

    /// - Complexity: O(iterations·k·d).
    package init(of model: SegmentModel) {
        let (k, d) = (model.segmentCount, model.featureCount)
        let factors = model.distanceFactors.map { $0.squareRoot() }
        let total = max(model.segments.reduce(0) { $0 + $1.share }, .leastNonzeroMagnitude)
        let shares = model.segments.map { $0.share / total }
        var rows = (0..<k).map { index in
            (0..<d).map { model.centroids[index * d + $0] * factors[$0] }
        }
        for axis in 0..<d {
            let mean = (0..<k).reduce(0.0) { $0 + shares[$1] * rows[$1][axis] }
            for index in 0..<k { rows[index][axis] -= mean }
        }
        let first = Self.component(of: rows, shares)
        let x = rows.map { Self.product($0, first) }
        let rest = zip(rows, x).map { row, x in zip(row, first).map { $0 - x * $1 } }
        let second = Self.component(of: rest, shares)
        positions = zip(x, rest.map { Self.product($0, second) }).map { Position(x: $0, y: $1) }
    }

    /// The direction in which the rows vary most; all zeros if they do not vary.
    private static func component(of rows: [[Double]], _ shares: [Double]) -> [Double] {
        guard let d = rows.first?.count, d > 0 else { return [] }
        // The row that is farthest out is never at a right angle to the first component of few rows.
        let lengths = zip(rows, shares).map { product($0, $0) * $1 }
        guard let start = lengths.indices.max(by: { lengths[$0] < lengths[$1] }), lengths[start] > 0 else {
            return Array(repeating: 0, count: d)
        }
        var direction = normalised(rows[start])
        for _ in 0..<iterations {
            var next = Array(repeating: 0.0, count: d)
            for (row, share) in zip(rows, shares) {
                let factor = share * product(row, direction)
                for axis in 0..<d { next[axis] += factor * row[axis] }
            }
            direction = normalised(next)
        }
        let largest = direction.max { abs($0) < abs($1) } ?? 0
        return largest < 0 ? direction.map { -$0 } : direction
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func normalised(_ vector: [Double]) -> [Double] {
        let length = product(vector, vector).squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }
}
