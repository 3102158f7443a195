internal import Histogram
internal import Testing

@testable internal import ShoalEngine

@Suite struct LaneTimingsTests {
    @Test func `records wait from their timestamp to the commit, a batch as long as its oldest`() {
        var timings = LaneTimings()
        for timestamp in [1_050, 1_000, 1_090] as [Int64] { timings.note(timestampMilliseconds: timestamp) }
        timings.note(timestampMilliseconds: nil)
        timings.endBatch()
        timings.note(timestampMilliseconds: 1_100)
        timings.endBatch()
        timings.endBatch()
        #expect(timings.isWaiting)
        #expect(timings.latency.all.totalCount == 0)
        timings.settle(now: 1_110)
        #expect(!timings.isWaiting)
        #expect(timings.latency.all.totalCount == 4)
        #expect(timings.latency.all.valueAtPercentile(75) == 110)
        #expect(timings.latency.all.valueAtPercentile(25) == 10)
        timings.settle(now: 9_999)
        #expect(timings.latency.all.totalCount == 4)
    }

    @Test func `what is lost is measured when it is done again`() {
        var timings = LaneTimings()
        timings.note(timestampMilliseconds: 0)
        timings.endBatch()
        timings.note(timestampMilliseconds: 0)
        timings.forgetWaiting()
        timings.endBatch()
        timings.settle(now: 50)
        #expect(timings.latency.all.totalCount == 0)
    }

    @Test func `recent figures are of the last seconds`() {
        var meter = LatencyMeter()
        meter.turn(now: 100_000)
        meter.record(milliseconds: 7, count: 3)
        meter.turn(now: 105_000)
        #expect(meter.recent.totalCount == 3)
        meter.record(milliseconds: -4)
        meter.turn(now: 110_000)
        #expect(meter.recent.totalCount == 1)
        #expect(meter.recent.max == 0)
        meter.turn(now: 115_000)
        #expect(meter.recent.totalCount == 0)
        #expect(meter.all.totalCount == 4)
        var other = LatencyMeter()
        other.record(milliseconds: 20)
        meter.add(other)
        #expect(meter.all.totalCount == 5)
        #expect(meter.recent.totalCount == 1)
    }
}
