/// K-means, silhouette and variance as a textbook states them: slow, obvious, in doubles.
package enum ReferenceKMeans {
    package static func squaredDistance(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    package static func nearest(_ point: [Double], _ centroids: [[Double]]) -> Int {
        let distances = centroids.map { squaredDistance(point, $0) }
        return distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }

    package static func mean(_ points: [[Double]]) -> [Double] {
        points[0].indices.map { axis in points.reduce(0) { $0 + $1[axis] } / Double(points.count) }
    }

    package static func inertia(_ points: [[Double]], _ centroids: [[Double]]) -> Double {
        points.reduce(0) { $0 + squaredDistance($1, centroids[nearest($1, centroids)]) }
    }

    /// Lloyd's iterations until nothing changes; a cluster without points keeps its centroid.
    package static func lloyd(_ points: [[Double]], from start: [[Double]]) -> [[Double]] {
        var centroids = start
        for _ in 0..<1_000 {
            let members = points.map { nearest($0, centroids) }
            let next = centroids.indices.map { cluster in
                let own = points.indices.filter { members[$0] == cluster }.map { points[$0] }
                return own.isEmpty ? centroids[cluster] : mean(own)
            }
            if next == centroids { break }
            centroids = next
        }
        return centroids
    }

    /// Each point's (b − a) / max(a, b).
    package static func silhouettes(_ points: [[Double]], members: [Int]) -> [Double] {
        points.indices.map { index in
            func meanDistance(to cluster: Int) -> Double {
                let others = points.indices.filter { $0 != index && members[$0] == cluster }
                let total = others.reduce(0) { $0 + squaredDistance(points[index], points[$1]).squareRoot() }
                return total / Double(others.count)
            }
            guard members.filter({ $0 == members[index] }).count > 1 else { return 0 }
            let inside = meanDistance(to: members[index])
            let outside = Set(members).subtracting([members[index]]).map(meanDistance).min() ?? 0
            return (outside - inside) / max(inside, outside)
        }
    }
}
