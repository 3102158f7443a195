import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// What holds for all monitors together, as `DetectorTests` has it for detectors.
@Suite struct MonitorConformanceTests {
    private static let features: [DriftMonitors.Feature] = [
        .init(name: "linear"), .init(name: "money", scale: .logarithmic), .init(name: "share", scale: .share),
    ]

    /// Inputs of 64 vectors, ten minutes apart, with everything that monitors look at.
    private static func inputs(_ count: Int, seed: UInt64, shiftAt: Int = .max) -> [DriftInput] {
        var streams = DriftStreams(seed: seed)
        return (1...count).map { index in
            let shift = index >= shiftAt ? 2.0 : 0
            let linear = (0..<64).map { _ in streams.bell() + shift }
            let money = (0..<64).map { _ in 3 + streams.bell() }
            let share = (0..<64).map { _ in streams.unit() < 0.2 ? 1.0 : 0 }
            var input = WatchedStream.input(
                [linear[...], money[...], share[...]], at: WatchedStream.start + Int64(index) * 600_000)
            input.generation = 1
            input.segmentIDs = [1, 2]
            let first = (0..<64).count { _ in streams.unit() < 0.7 }
            input.segmentCounts = [first, 64 - first]
            input.segmentMoves = streams.unit() < 0.5 ? 1 : 0
            input.squaredDistanceSum = 64 * 3 * (1 + 0.1 * streams.bell())
            input.acceptedEvents = 64
            input.rejectedRecords = streams.unit() < 0.3 ? 1 : 0
            input.eventTypes = [.init(name: "view", count: 50), .init(name: "purchase", count: 14)]
            input.lagMilliseconds = 1_000 * streams.unit()
            return input
        }
    }

    private func watched(_ inputs: [DriftInput]) -> (alerts: [DriftAlert], monitors: DriftMonitors) {
        var monitors = DriftMonitors(features: Self.features)
        var life = AlertLife()
        var alerts: [DriftAlert] = []
        for input in inputs {
            let findings = monitors.absorb(input)
            let moment = AlertLife.Moment(
                vectors: monitors.vectors, streamTimeMilliseconds: monitors.newestTime, modelVersion: 1,
                modelGeneration: 1)
            alerts += life.absorb(findings, at: moment)
        }
        return (alerts, monitors)
    }

    @Test(arguments: Build.affordable([1, 42, 20_260_401] as [UInt64]))
    func `three weeks without drift raise nothing, and the same seed says the same`(seed: UInt64) {
        let inputs = Self.inputs(3_024, seed: seed)
        let (alerts, monitors) = watched(inputs)
        #expect(alerts.isEmpty, "seed \(seed): \(alerts.map(\.headline))")
        #expect(monitors == watched(inputs).monitors, "seed \(seed)")
    }

    @Test(arguments: Build.affordable([1, 42] as [UInt64]))
    func `a step raises one alert that names its feature, within 2,000 vectors`(seed: UInt64) throws {
        let raised = watched(Self.inputs(3_024, seed: seed, shiftAt: 2_000)).alerts
            .filter { $0.state == .raised }
        #expect(raised.map(\.subject) == ["linear"], "seed \(seed): \(raised.map(\.headline))")
        let delay = try #require(raised.first).sinceMilliseconds - WatchedStream.start - 2_000 * 600_000
        #expect((0..<600_000 * 2_000 / 64).contains(delay), "seed \(seed)")
    }

    @Test(arguments: Build.affordable([1, 42] as [UInt64]))
    func `summaries of one moment may come in any order`(seed: UInt64) {
        let inputs = Self.inputs(3_024, seed: seed, shiftAt: 2_000)
        // As if three lanes had told of each half hour, in this order or the other.
        var other = inputs
        for start in stride(from: 0, to: other.count - 2, by: 3) {
            let time = other[start + 2].streamTimeMilliseconds
            for index in start..<start + 3 { other[index].streamTimeMilliseconds = time }
        }
        var swapped = other
        for start in stride(from: 0, to: other.count - 2, by: 3) { swapped.swapAt(start, start + 2) }
        let (one, two) = (watched(other).alerts, watched(swapped).alerts)
        #expect(one.map(\.subject) == two.map(\.subject), "seed \(seed)")
        #expect(one.map(\.state) == two.map(\.state), "seed \(seed)")
        for (first, second) in zip(one, two) {
            #expect(first.direction == second.direction, "seed \(seed)")
            #expect(abs(first.atMilliseconds - second.atMilliseconds) <= 12 * 3_600_000, "seed \(seed)")
        }
    }

    @Test func `constants, and a huge value after them, neither trap nor leave anything that is no number`() {
        var inputs = Self.inputs(1_000, seed: 1)
        for index in inputs.indices {
            let value = index < 700 ? 5.0 : 1e9
            inputs[index].means = [value, value, 1]
            inputs[index].squaredDeviations = [0, 0, 0]
            inputs[index].sample = (0..<64).flatMap { _ in [Float(value), Float(value), 1] }
            inputs[index].squaredDistanceSum = 0
            inputs[index].lagMilliseconds = 0
        }
        inputs[800].means[0] = .nan
        inputs[801].squaredDeviations[1] = .infinity
        inputs[802].sample[0] = .infinity
        let (alerts, monitors) = watched(inputs)
        #expect(monitors.refusedInputs == 2)
        #expect(Set(alerts.map(\.subject)).isSuperset(of: ["linear", "money"]))
        for alert in alerts {
            for number in [alert.size, alert.threshold, alert.reference, alert.current] {
                #expect(number.isFinite, "\(alert.headline)")
            }
            #expect(!alert.advice.isEmpty)
        }
    }

    @Test(arguments: [8, 0.125])
    func `the rate of moves is watched in both directions, with its size`(factor: Double) throws {
        var streams = DriftStreams(seed: 9)
        var inputs = Self.inputs(4_000, seed: 9)
        for index in inputs.indices {
            let rate = 0.05 * (index < 3_200 ? 1 : factor)
            inputs[index].segmentMoves = (0..<64).count { _ in streams.unit() < rate }
        }
        let raised = watched(inputs).alerts.filter { $0.state == .raised }
        #expect(raised.map(\.monitor) == [.transitions], "\(raised.map(\.headline))")
        let alert = try #require(raised.first)
        #expect(alert.direction == (factor > 1 ? .up : .down))
        #expect(abs(log(alert.size) - abs(log(factor))) < 0.7, "\(alert.size)")
        #expect(abs(alert.reference - 0.05) < 0.02)
    }

    @Test(arguments: [1, 42] as [UInt64])
    func `levels that change again and again, at midnight too, trap nothing`(seed: UInt64) {
        var streams = DriftStreams(seed: seed)
        var found: Set<DriftFinding.Monitor> = []
        for _ in 0..<4 {
            var monitors = DriftMonitors(features: [.init(name: "x")])
            var level = 0.0
            var left = 0
            // Two quiet weeks and a restless one, an input in five minutes.
            for index in 1..<21 * 288 {
                left -= 1
                if index >= 14 * 288, left <= 0 || index % 288 == 0 {
                    level = 8 * streams.unit() - 4
                    left = 288 - index % 288 - Int(40 * streams.unit())
                }
                let time = WatchedStream.start + Int64(index) * 300_000
                let values = (0..<8).map { _ in level + 0.05 * streams.bell() }
                var input = WatchedStream.input([values[...]], at: time)
                input.acceptedEvents = Int(2_000 * exp(level + 0.05 * streams.bell()))
                input.lagMilliseconds = 1_000 * exp(level + 0.05 * streams.bell())
                for finding in monitors.absorb(input) {
                    #expect(finding.size.isFinite && finding.reference.isFinite && finding.current.isFinite)
                    found.insert(finding.monitor)
                }
            }
        }
        #expect(found.isSuperset(of: [.feature, .volume, .lag]), "\(found)")
    }
}
