import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// How often the monitors are wrong on streams that do not drift: at most once in 10⁶ vectors.
@Suite struct DriftFalseAlarmTests {
    enum Noise: CaseIterable { case normal, skewed, rare, binary, outliers, season }

    private static func value(_ noise: Noise, _ streams: inout DriftStreams, at time: Int64) -> Double {
        switch noise {
        case .normal: streams.bell()
        case .skewed: exp(streams.bell())
        case .rare: streams.unit() < 0.02 ? exp(streams.bell()) : 0
        case .binary: streams.unit() < 0.3 ? 1 : 0
        case .outliers: streams.bell() * (streams.unit() < 0.001 ? 1_000 : 1)
        case .season: streams.bell() + 1.5 * sin(2 * .pi * Double(time % 86_400_000) / 86_400_000)
        }
    }

    /// Four features, so that 50,000 vectors are 200,000 for their monitors; the rates span a day a batch to
    /// a few seconds for all.
    @Test(
        arguments: Noise.allCases,
        Build.affordable(
            [(batch: 64, milliseconds: 60_000), (64, 1_000), (256, 100), (1_024, 1)] as [(Int, Int64)]))
    func `noise without drift raises nothing`(
        noise: Noise, pace: (batch: Int, milliseconds: Int64)
    ) {
        var streams = DriftStreams(seed: 20_260_401)
        let names = ["a", "b", "c", "d"]
        var watched = WatchedStream(features: names)
        var count = 0
        while count < 50_000 {
            count += pace.batch
            let time = WatchedStream.start + Int64(count) * pace.milliseconds
            let columns = names.map { _ in
                ArraySlice((0..<pace.batch).map { _ in Self.value(noise, &streams, at: time) })
            }
            watched.absorb(WatchedStream.input(columns, at: time))
        }
        #expect(watched.alerts.isEmpty, "\(noise) \(pace): \(watched.findings)")
        #expect(watched.monitors.refusedInputs == 0)
    }

    @Test(arguments: Build.affordable([7, 42] as [UInt64]))
    func `a season of one and a half deviations raises nothing in four days of a value a second`(
        seed: UInt64
    ) {
        var streams = DriftStreams(seed: seed)
        var watched = WatchedStream()
        for batch in 1...4 * 1_350 {
            let time = WatchedStream.start + Int64(batch) * 64_000
            let values = (0..<64).map { _ in Self.value(.season, &streams, at: time) }
            watched.absorb(WatchedStream.input([values[...]], at: time))
        }
        #expect(watched.alerts.isEmpty, "seed \(seed): \(watched.findings)")
    }

    @Test func `a constant that a feature always was raises nothing, one it becomes does`() {
        var watched = WatchedStream()
        watched.absorb(Array(repeating: 3, count: 10_000), batch: 16)
        #expect(watched.alerts.isEmpty)
        watched = WatchedStream()
        watched.absorb(
            Array(repeating: 3, count: 10_000) + Array(repeating: 4, count: 4_000), batch: 16)
        #expect(watched.positions(.raised).count == 1)
    }
}
