extension ShadowReport {
    /// Less in common than this and two segments are not the same group.
    private static let commonShareMin = 0.5

    /// The live identity of each of the candidate's that is the same group: a counterpart with at least half
    /// of the smaller one in common.
    ///
    /// - Returns: `nil` if the report is of another candidate, or has seen too little to say.
    func samePairs(candidate: SegmentModel) -> [Int: Int]? {
        guard self.candidate.model == ModelDifference.Stamp(candidate), compared >= Self.comparedMin else {
            return nil
        }
        let idOfLabel = Dictionary(candidate.segments.map { ($0.label, $0.id) }) { first, _ in first }
        var pairs: [Int: Int] = [:]
        for row in matrix {
            guard let label = row.id, let live = Int(label.dropFirst()), let counterpart = row.counterpart,
                let id = idOfLabel[counterpart]
            else { continue }
            let both = row.cells.first { $0.id == counterpart }?.count ?? 0
            let there = matrix.reduce(0) { sum, row in
                sum + (row.cells.first { $0.id == counterpart }?.count ?? 0)
            }
            guard both > 0, Double(both) >= Self.commonShareMin * Double(min(row.count, there)) else {
                continue
            }
            pairs[id] = live
        }
        return pairs
    }

    /// With so many vectors a common share of one half is known to within a tenth.
    private static let comparedMin = 100
}
