@testable internal import ShoalCore
internal import Testing

@Suite struct ShadowReportTests {
    private static let live = ModelPair.first
    private static let candidate = ModelPair.second

    private func report(
        _ counts: [(Int, Int, Int)], live: SegmentModel = Self.live,
        candidate: SegmentModel = Self.candidate
    ) -> ShadowReport {
        var tally = ShadowTally()
        for (left, right, count) in counts { tally.add(live: left, candidate: right, count: count) }
        var fit = ShadowFit()
        fit.add(squaredDistance: 7, vectors: 4)
        return ShadowReport(
            basis: .customers, live: ShadowReport.Measured(model: live, fit: fit, changes: 30),
            candidate: ShadowReport.Measured(model: candidate, fit: fit, changes: 5), tally: tally,
            events: 200)
    }

    private let counts = [(1, 1, 10), (1, 5, 4), (4, 1, 2), (4, 5, 8), (0, 1, 3), (4, 0, 1), (9, 5, 6)]

    @Test func `every customer is in one cell, and movers are those with another segment`() {
        let report = report(counts)
        #expect(report.total == 34)
        // Without a segment in one of the two: 3, 1, and 6 of a segment that the live model no longer has.
        #expect(report.compared == 24)
        #expect(report.agreeing == 18)
        #expect(report.movers == 6)
        #expect(report.agreement == 0.75)
        #expect(report.matrix.map(\.id) == ["s1", "s4", nil])
        #expect(report.matrix.map(\.count) == [14, 11, 9])
        #expect(report.matrix.allSatisfy { row in row.count == row.cells.reduce(0) { $0 + $1.count } })
        let moves = report.matrix.flatMap(\.cells).filter(\.isMove)
        #expect(moves.map(\.count) == [4, 2])
    }

    @Test func `changes per event and fit are those of each side`() {
        let report = report(counts)
        #expect(report.live.changesPerEvent == 0.15)
        #expect(report.candidate.changesPerEvent == 0.025)
        #expect(report.live.meanSquaredDistance == 1.75)
        // Weights of the features that vary: 1, ½, 1 and 1.
        #expect(report.live.unexplainedShare == 0.5)
    }

    @Test func `strangers are paired by what they have in common, kin by identity`() {
        let crossed = [(1, 5, 9), (4, 1, 8), (1, 1, 2), (4, 5, 1)]
        let strangers = report(crossed)
        #expect(strangers.matrix.map(\.counterpart) == ["s5", "s1"])
        #expect(strangers.agreeing == 17)
        var live = Self.live
        var candidate = Self.candidate
        live.origin = 77
        candidate.origin = 77
        let kin = report(crossed, live: live, candidate: candidate)
        #expect(kin.matrix.map(\.counterpart) == ["s1", nil])
        #expect(kin.agreeing == 2)
        #expect(kin.movers == 18)
    }

    @Test func `the order in which parts are counted does not matter`() {
        var parts = counts
        parts.reverse()
        #expect(report(counts) == report(parts))
        var left = ShadowTally()
        var right = ShadowTally()
        left.add(live: 1, candidate: 5)
        right.add(live: 1, candidate: 5, count: 2)
        right.add(live: 2, candidate: 5)
        #expect(left + right == right + left)
        #expect((left + right)[1, 5] == 3)
        #expect((left + right).total == 4)
    }

    @Test func `nothing to compare is agreement`() {
        let report = report([(0, 0, 3)])
        #expect(report.agreement == 1)
        #expect(report.compared == 0)
        #expect(report.total == 3)
    }
}
