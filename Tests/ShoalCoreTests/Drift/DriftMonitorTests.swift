import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// One feature's monitors on streams whose changes are known, a value a minute.
@Suite struct DriftMonitorTests {
    /// Streams like those of `drift_synth`: a name, the positions of real changes, and the values.
    private static func stream(_ name: String, seed: UInt64) -> (changes: [Int], values: [Double]) {
        var streams = DriftStreams(seed: seed)
        func make(_ changes: [Int], _ value: (Double, Int) -> Double) -> (changes: [Int], values: [Double]) {
            (changes, streams.values(20_000) { streams, index in value(streams.bell(), index) })
        }
        return switch name {
        case "half a deviation": make([10_000]) { $0 + ($1 >= 10_000 ? 0.5 : 0) }
        case "recurring": make([4_000, 8_000, 12_000, 16_000]) { $0 + Double($1 / 4_000 % 2) }
        case "variance": make([10_000]) { $1 >= 10_000 ? 2 * $0 : $0 }
        case "narrower": make([10_000]) { $1 >= 10_000 ? 0.5 * $0 : $0 }
        case "gradual": make([9_000]) { $0 + min(max(Double($1 - 8_000) / 4_000, 0), 1) }
        case "season and step":
            make([12_000]) {
                $0 + 1.5 * sin(2 * .pi * Double($1) / 1_440) + ($1 >= 12_000 ? 1 : 0)
            }
        default: make([]) { value, _ in value }
        }
    }

    @Test(
        arguments: [
            "half a deviation", "recurring", "variance", "narrower", "gradual", "season and step",
        ], Build.affordable([16, 1, 64]))
    func `every real change raises one alert within 2,000 values, and each is resolved`(
        name: String, batch: Int
    ) {
        let (changes, values) = Self.stream(name, seed: 11)
        var watched = WatchedStream()
        watched.absorb(values, batch: batch)
        let raised = watched.positions(.raised)
        #expect(raised.count == changes.count, "\(name), batches of \(batch): \(raised)")
        for (position, change) in zip(raised, changes) {
            #expect((change..<change + 2_000).contains(position), "\(name), batches of \(batch): \(raised)")
        }
        #expect(watched.positions(.resolved).count == changes.count, "\(name), batches of \(batch)")
        #expect(watched.life.active.isEmpty)
        #expect(Set(watched.alerts.map(\.id)).count == changes.count)
    }

    @Test(
        .enabled(
            if: CorpusFolder.exists(CorpusFolder.data.appending(path: "drift_synth")),
            "needs the data sets in SHOAL_DATA or in ../shared/data"),
        arguments: Build.affordable([64, 1]))
    func `the one-dimensional data sets raise what they should and nothing else`(batch: Int) throws {
        let known: [(name: String, changes: [Int])] = [
            ("stationary_0", []), ("stationary_1", []), ("stationary_2", []), ("stationary_3", []),
            ("stationary_4", []), ("daily_season", []), ("outliers", []), ("mean_0.5sd", [10_000]),
            ("mean_1sd_recurring", [4_000, 8_000, 12_000, 16_000]), ("variance_x2", [10_000]),
            ("gradual", [8_000]),
        ]
        for (name, changes) in known {
            let columns = try DriftStreams.columns(of: "drift_synth/uni_\(name).csv.xz")
            var watched = WatchedStream()
            watched.absorb(columns[0], batch: batch)
            let raised = watched.positions(.raised)
            #expect(raised.count == changes.count, "\(name), batches of \(batch): \(raised)")
            for (position, change) in zip(raised, changes) {
                #expect((change..<change + 2_000).contains(position), "\(name): \(raised)")
            }
        }
    }

    @Test(arguments: [-1.0, 1.0])
    func `direction, size and levels are those of the change`(sign: Double) throws {
        var streams = DriftStreams(seed: 3)
        let values = streams.values(12_000) { streams, index in
            100 + 4 * streams.bell() + (index >= 8_000 ? sign * 8 : 0)
        }
        var watched = WatchedStream(features: ["spend"])
        watched.absorb(values, batch: 16)
        let finding = try #require(watched.findings.first { $0.statistic == .adaptiveWindowMean })
        #expect(finding.monitor == .feature && finding.subject == "spend")
        #expect(finding.direction == (sign > 0 ? .up : .down))
        #expect(abs(finding.size - 8) < 2, "in the feature's own units")
        #expect(abs(finding.reference - 100) < 0.5)
        #expect(abs(finding.current - (100 + sign * 8)) < 2)
        #expect(finding.severity >= .warning)
    }

    @Test func `the distribution alone is enough, with mean and variance unchanged`() throws {
        var streams = DriftStreams(seed: 4)
        // From a bell to two points at ±1: same mean, same variance.
        let values = streams.values(14_000) { streams, index in
            let value = streams.bell()
            return index < 8_000 ? value : value > 0 ? 1 : -1
        }
        var watched = WatchedStream()
        watched.absorb(values, batch: 16)
        #expect(watched.positions(.raised).count == 1)
        #expect(try #require(watched.findings.first).statistic == .stability)
        #expect(try #require(watched.positions(.raised).first) < 10_000)
        #expect(watched.alerts.contains { $0.severity == .critical })
    }

    @Test(arguments: [10, 100, 1_000] as [Int64])
    func `an abrupt change is found on the first day too`(milliseconds: Int64) throws {
        var streams = DriftStreams(seed: 5)
        let values = streams.values(16_000) { streams, index in streams.bell() + (index >= 8_192 ? 2 : 0) }
        var watched = WatchedStream()
        watched.absorb(values, batch: 64, milliseconds: milliseconds)
        let raised = watched.positions(.raised)
        #expect(raised.count == 1)
        #expect((8_192..<10_192).contains(try #require(raised.first)), "\(raised)")
    }

    @Test(arguments: [1, 9] as [UInt64])
    func `a copy goes on like the one it was taken from`(seed: UInt64) {
        let (_, values) = Self.stream("recurring", seed: seed)
        var (one, other) = (WatchedStream(), WatchedStream())
        one.absorb(Array(values[..<9_600]), batch: 32)
        other.absorb(Array(values[..<9_600]), batch: 32)
        #expect(one.monitors == other.monitors, "seed \(seed)")
        let saved = one
        one.absorb(values, batch: 32)
        other = saved
        other.absorb(values, batch: 32)
        #expect(one.alerts == other.alerts, "seed \(seed)")
        #expect(one.monitors == other.monitors, "seed \(seed)")
    }

    @Test func `inputs that are misshapen or not finite are refused and change nothing`() {
        var monitors = DriftMonitors(features: [.init(name: "a"), .init(name: "b")])
        let good = WatchedStream.input([[1, 2, 3], [4, 5, 6]], at: WatchedStream.start)
        _ = monitors.absorb(good)
        let before = monitors
        var wrong: [DriftInput] = Array(repeating: good, count: 12)
        wrong[0].means = [1]
        wrong[1].means[1] = .nan
        wrong[2].squaredDeviations[0] = -1
        wrong[3].squaredDeviations[0] = .infinity
        wrong[4].sample.removeLast()
        wrong[5].count = -1
        wrong[6].segmentCounts = [1]
        wrong[7].squaredDistanceSum = .nan
        wrong[8].streamTimeMilliseconds = .max
        wrong[9].acceptedEvents = .max
        wrong[10].valueCounts = [1]
        wrong[11].segmentMoves = -1
        for (index, input) in wrong.enumerated() {
            #expect(monitors.absorb(input).isEmpty)
            #expect(monitors.refusedInputs == index + 1)
        }
        #expect(monitors.vectors == before.vectors)
        var odd = good
        odd.sample = [.nan, .infinity, 1, 2]
        odd.streamTimeMilliseconds = 0
        #expect(monitors.absorb(odd).isEmpty)
        #expect(monitors.newestTime == WatchedStream.start, "time never runs backwards")
        #expect(monitors.refusedInputs == 12)
    }
}
