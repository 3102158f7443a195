/// K-means and variance as a textbook states them: slow, obvious, in doubles.
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
}
