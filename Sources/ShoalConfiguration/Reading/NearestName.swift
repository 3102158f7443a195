/// Finds the known name that a mistyped one was meant to be.
enum NearestName {
    /// The known name with the least edit distance to `name`, if it is near enough to be meant.
    ///
    /// Near enough is a third of the name's length, rounded, and at least one edit; ties go to the first.
    static func find(_ name: String, among known: [String]) -> String? {
        let limit = max(1, (name.count + 1) / 3)
        let ranked = known.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit,
            best.distance < max(name.count, best.name.count)
        else { return nil }
        return best.name
    }

    /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
    ///
    /// - Complexity: O(`left.count` · `right.count`).
    static func distance(_ left: String, _ right: String) -> Int {
        // A name much longer than any setting's is told by its beginning.
        let left = Array(left.prefix(100))
        let right = Array(right.prefix(100))
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let substitution = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var best = min(substitution, last[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1]
                {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
