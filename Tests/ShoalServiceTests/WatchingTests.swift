@testable internal import ShoalCore
internal import ShoalEngine
@testable internal import ShoalService
internal import Testing

@Suite struct WatchingTests {
    @Test func `a lag that grows for a minute and is much is without bound, until it falls`() {
        var watch = LagWatch()
        for span in 0...6 {
            #expect(!watch.isUnbounded, "span \(span)")
            watch.add(lag: Int64(20_000 + 10_000 * span), rate: 1_000, now: Int64(10_000 * span))
        }
        #expect(watch.isUnbounded)
        watch.add(lag: 79_000, rate: 1_000, now: 70_000)
        #expect(!watch.isUnbounded)
    }

    @Test(arguments: [(9_000, 10.0), (50_000, 1_000_000.0)] as [(Int64, Double)])
    func `a lag that is little, or little for the rate, may grow`(top: Int64, rate: Double) {
        var watch = LagWatch()
        for span in 0...20 { watch.add(lag: top / 20 * Int64(span), rate: rate, now: Int64(10_000 * span)) }
        #expect(!watch.isUnbounded)
    }

    @Test func `a process is ready once it works, and not while its lag grows without bound`() {
        let watch = EngineWatch()
        var status = EngineStatus()
        func obstacles() -> [String] {
            Readiness.obstacles(status, isLagUnbounded: watch.isLagUnbounded)
        }
        #expect(obstacles() == ["the engine is waiting for the broker"])
        status.phase = .running
        status.lanes = [LaneStatus()]
        let isWaiting = "1 lanes wait for the group to tell their partitions"
        #expect(obstacles() == ["no partition is assigned", isWaiting, "there is no model yet"])
        status.lanes[0].partitions = [0]
        status.lanes[0].hasJoined = true
        status.lanes[0].phase = .recovering
        status.modelVersion = 1
        #expect(obstacles() == ["1 lanes are restoring their partitions"])
        status.lanes[0].phase = .live
        status.lanes.append(LaneStatus())
        #expect(obstacles() == [isWaiting])
        status.lanes[1].hasJoined = true
        for second in 0...60 {
            #expect(obstacles().isEmpty, "second \(second)")
            let lag = PartitionLag(topic: "clicks", partition: 0, records: 20_000 + 1_000 * Int64(second))
            status.lanes[0].lags = [lag]
            watch.look(at: status, now: 0, monotonic: 1_000 * Int64(second))
        }
        #expect(obstacles() == ["the lag of 80000 records has been growing for a minute"])
        status.lanes[0].lags = []
        watch.look(at: status, now: 0, monotonic: 70_000)
        #expect(obstacles().isEmpty)
    }

    @Test func `a trend spans everything since the start in few samples`() {
        var trend = SizeTrend()
        for second in 0..<7_200 { trend.add(members: second, at: Int64(second) * 1_000) }
        #expect(trend.samples.count > 30 && trend.samples.count <= 60)
        #expect(trend.samples.first == SizeTrend.Sample(at: 0, members: 0))
        #expect((trend.samples.last?.at ?? 0) > 7_000_000)
        let gaps = zip(trend.samples, trend.samples.dropFirst()).map { $1.at - $0.at }
        #expect(Set(gaps).count == 1)
    }

    @Test func `a trend forgets what is older than a day`() {
        var trend = SizeTrend()
        for minute in 0..<4_000 { trend.add(members: minute, at: Int64(minute) * 60_000) }
        let span = (trend.samples.last?.at ?? 0) - (trend.samples.first?.at ?? 0)
        #expect(span <= 86_400_000 && span > 55_000_000)
    }

    @Test func `moves of the last minutes are those since then, and all while the process is younger`() {
        var history = MoveHistory()
        func moves(_ count: Int) -> SegmentMoves {
            var moves = SegmentMoves()
            for _ in 0..<count { moves.count(from: 1, to: 2) }
            return moves
        }
        for minute in 0...120 { history.add(moves(minute * 10), at: Int64(minute) * 60_000) }
        let hour = history.moves(minutes: 60, now: 120 * 60_000)
        #expect(hour.moves[1, 2] == 600)
        #expect(hour.since == 61 * 60_000)
        #expect(history.moves(minutes: 1_000, now: 120 * 60_000).moves[1, 2] == 1_200)
        #expect(history.moves(minutes: 60, now: 120 * 60_000).moves[2, 1] == 0)
    }
}
