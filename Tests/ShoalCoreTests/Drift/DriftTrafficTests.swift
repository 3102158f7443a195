import Foundation
import ShoalCore
import Testing

/// Monitors of the model and of what comes in.
@Suite struct DriftTrafficTests {
    /// A second of a stream that does not drift, for 16 of its hours at 64 vectors each if `count` is 900.
    private struct Traffic {
        var fit = 1.0
        var shares = [0.5, 0.3, 0.2]
        var types = [("page_view", 0.8), ("purchase", 0.2)]
        var rejectRate = 0.01
        var volumeFactor = 1.0
        var lagMilliseconds = 2_000.0
        var generation = 1
    }

    /// Feeds a batch of 64 vectors every minute.
    private func feed(
        _ watched: inout WatchedStream, minutes: Range<Int>, streams: inout DriftStreams,
        _ traffic: (Int) -> Traffic
    ) {
        for minute in minutes {
            let now = traffic(minute)
            let column = streams.values(64) { streams, _ in streams.bell() }
            var input = WatchedStream.input([column[...]], at: WatchedStream.start + Int64(minute) * 60_000)
            input.generation = now.generation
            input.segmentIDs = [1, 2, 4]
            input.segmentCounts = [0, 0, 0]
            for _ in 0..<64 {
                let draw = streams.unit()
                let segment = draw < now.shares[0] ? 0 : draw < now.shares[0] + now.shares[1] ? 1 : 2
                input.segmentCounts[segment] += 1
                let deviation = streams.bell()
                input.squaredDistanceSum += now.fit * deviation * deviation
            }
            let daily = 1 + 0.8 * sin(2 * .pi * Double(minute) / 1_440)
            input.acceptedEvents = Int(200 * now.volumeFactor * daily * (0.9 + 0.2 * streams.unit()))
            for _ in 0..<input.acceptedEvents where streams.unit() < now.rejectRate {
                input.rejectedRecords += 1
            }
            input.eventTypes = now.types.map {
                .init(name: $0.0, count: Int(Double(input.acceptedEvents) * $0.1 + streams.unit()))
            }
            input.lagMilliseconds = now.lagMilliseconds * (0.5 + streams.unit())
            watched.absorb(input)
        }
    }

    /// Four quiet days, then one with a change at noon.
    private func alerts(seed: UInt64 = 6, _ change: (inout Traffic) -> Void) -> [DriftAlert] {
        var streams = DriftStreams(seed: seed)
        var watched = WatchedStream()
        var changed = Traffic()
        change(&changed)
        let moment = 4 * 1_440 + 720
        feed(&watched, minutes: 0..<moment + 1_440, streams: &streams) { minute in
            minute < moment ? Traffic() : changed
        }
        #expect(watched.positions(.raised).allSatisfy { $0 > moment * 64 }, "seed \(seed)")
        return watched.alerts
    }

    private func expectOne(
        _ monitor: DriftFinding.Monitor, subject: String, _ direction: DriftFinding.Direction,
        in alerts: [DriftAlert]
    ) {
        let raised = alerts.filter { $0.state == .raised }
        #expect(raised.map(\.monitor) == [monitor], "\(raised)")
        #expect(raised.first?.subject == subject)
        #expect(raised.first?.direction == direction)
    }

    @Test func `quiet days with a daily rhythm raise nothing`() {
        #expect(alerts { _ in }.isEmpty)
    }

    @Test func `a worse fit is one alert of the fit`() throws {
        let alerts = alerts { $0.fit = 1.5 }
        expectOne(.fit, subject: "fit", .up, in: alerts)
        #expect(abs(try #require(alerts.first).size - 1.5) < 0.2)
    }

    @Test func `shares that move name the segment that moved most`() {
        expectOne(.segments, subject: "s4", .up, in: alerts { $0.shares = [0.4, 0.2, 0.4] })
    }

    @Test func `a new event type is named`() {
        let alerts = alerts { $0.types = [("page_view", 0.6), ("purchase", 0.2), ("refund", 0.2)] }
        expectOne(.eventTypes, subject: "refund", .up, in: alerts)
        #expect(alerts.contains { $0.severity == .critical })
    }

    @Test func `rejects, volume and lag are watched, up and down`() {
        expectOne(.rejectRate, subject: "reject_rate", .up, in: alerts { $0.rejectRate = 0.1 })
        expectOne(.volume, subject: "volume", .down, in: alerts { $0.volumeFactor = 0.3 })
        expectOne(.lag, subject: "lag", .up, in: alerts { $0.lagMilliseconds = 20_000 })
    }

    @Test func `another generation of the model is no drift of fit and shares`() {
        #expect(
            alerts {
                $0.generation = 2
                $0.fit = 0.5
                $0.shares = [0.2, 0.2, 0.6]
            }.isEmpty)
    }

    @Test func `more event types than are told apart are one`() {
        var monitors = DriftMonitors(features: [.init(name: "x")])
        for minute in 0..<2_000 {
            var input = DriftInput(streamTimeMilliseconds: WatchedStream.start + Int64(minute) * 1_000)
            (input.valueCounts, input.means, input.squaredDeviations) = ([0], [0], [0])
            input.eventTypes = (0..<50).map { .init(name: "type \(minute * 50 + $0)", count: 1) }
            #expect(monitors.absorb(input).isEmpty || minute > 40)
        }
        #expect(monitors.refusedInputs == 0)
    }
}
