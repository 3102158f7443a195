extension ShadowReport {
    /// What was measured of one model.
    package struct Measured: Sendable {
        package var model: SegmentModel
        package var fit: ShadowFit
        package var changes: Int?

        package init(model: SegmentModel, fit: ShadowFit, changes: Int?) {
            self.model = model
            self.fit = fit
            self.changes = changes
        }
    }

    /// Sums a comparison up.
    package init(basis: Basis, live: Measured, candidate: Measured, tally: ShadowTally, events: Int) {
        let counterparts = tally.counterparts(live: live.model, candidate: candidate.model)
        let liveIDs = live.model.segments.map(\.id)
        let candidateIDs = candidate.model.segments.map(\.id)
        // Segments that a model no longer has count as none: nobody can be in them.
        let known = ShadowTally(tally, live: Set(liveIDs), candidate: Set(candidateIDs))
        self.basis = basis
        self.live = Side(live, events: events)
        self.candidate = Side(candidate, events: events)
        self.events = events
        total = known.total
        compared = 0
        agreeing = 0
        matrix = []
        for id in liveIDs + [0] {
            let counterpart = counterparts[id]
            var row = Row(id: nil, name: nil, counterpart: counterpart.map { "s\($0)" }, count: 0, cells: [])
            (row.id, row.name) = Self.label(id, live.model)
            for other in candidateIDs + [0] where known[id, other] > 0 {
                let count = known[id, other]
                let isCompared = id != 0 && other != 0
                row.count += count
                if isCompared { compared += count }
                if isCompared, other == counterpart { agreeing += count }
                let (label, name) = Self.label(other, candidate.model)
                row.cells.append(
                    Cell(id: label, name: name, count: count, isMove: isCompared && other != counterpart))
            }
            if id != 0 || row.count > 0 { matrix.append(row) }
        }
        movers = compared - agreeing
        agreement = compared == 0 ? 1 : Double(agreeing) / Double(compared)
    }

    private static func label(_ id: Int, _ model: SegmentModel) -> (String?, String?) {
        let segment = model.segments.first { $0.id == id }
        return (segment?.label, segment?.name)
    }
}

extension ShadowReport.Side {
    fileprivate init(_ measured: ShadowReport.Measured, events: Int) {
        let model = measured.model
        // σ scales each feature's variance to 1, so a population without segments has Σ w of those that vary.
        var spread = 0.0
        for (weight, scale) in zip(model.weights, model.scales) where scale >= SegmentModel.constantScale {
            spread += weight
        }
        let mean = measured.fit.meanSquaredDistance
        self.init(
            model: ModelDifference.Stamp(model), changes: measured.changes,
            changesPerEvent: measured.changes.map { events == 0 ? 0 : Double($0) / Double(events) },
            meanSquaredDistance: mean, unexplainedShare: spread > 0 ? mean / spread : 0)
    }
}

extension ShadowTally {
    /// The same counts with identities that are not among these put under 0.
    fileprivate init(_ tally: ShadowTally, live: Set<Int>, candidate: Set<Int>) {
        self.init()
        for (left, row) in tally.counts {
            for (right, count) in row {
                add(
                    live: live.contains(left) ? left : 0, candidate: candidate.contains(right) ? right : 0,
                    count: count)
            }
        }
    }
}
