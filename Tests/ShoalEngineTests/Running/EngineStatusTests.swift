import ShoalEngine
import Testing

@Suite struct EngineStatusTests {
    /// One lane that has processed its partition to the end.
    private static func caughtUp() -> EngineStatus {
        var lane = LaneStatus()
        lane.hasJoined = true
        lane.phase = .live
        lane.partitions = [0]
        var status = EngineStatus()
        status.phase = .running
        status.lanes = [lane]
        return status
    }

    @Test func `an engine that has caught up is idle`() { #expect(Self.caughtUp().isIdle) }

    @Test func `a lane for which the group has no partition is idle, one that it has not told is not`() {
        var status = Self.caughtUp()
        var spare = LaneStatus()
        spare.hasJoined = true
        status.lanes.append(spare)
        #expect(status.isIdle)
        status.lanes[1].hasJoined = false
        #expect(!status.isIdle)
    }

    @Test(
        arguments: [
            { (status: inout EngineStatus) in status.phase = .waitingForBroker },
            { (status: inout EngineStatus) in status.lanes[0].partitions = [] },
            { (status: inout EngineStatus) in
                status.lanes[0].lags = [PartitionLag(topic: "events", partition: 0, records: 1)]
            },
            { (status: inout EngineStatus) in status.lanes[0].phase = .recovering },
            { (status: inout EngineStatus) in status.trainer.isLearning = true },
        ] as [@Sendable (inout EngineStatus) -> Void])
    func `an engine with something left to do is not`(change: @Sendable (inout EngineStatus) -> Void) {
        var status = Self.caughtUp()
        change(&status)
        #expect(!status.isIdle)
    }
}
