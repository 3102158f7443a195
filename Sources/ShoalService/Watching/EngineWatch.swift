internal import ShoalCore
internal import ShoalEngine
internal import Synchronization

/// Remembers what only time tells of an engine that is looked at once a second: rates, trends, moves, lag.
final class EngineWatch: Sendable {
    private struct State {
        var lag = LagWatch()
        var moves = MoveHistory()
        var flows = FlowMeter(windowSeconds: 60, trendCount: 1)
        var trends: [String: SizeTrend] = [:]
    }

    private static let millisecondsPerDay = 86_400_000.0

    private let state = Mutex(State())

    /// Takes in what the engine says of itself.
    ///
    /// - Parameters:
    ///   - status: newer than the one before.
    ///   - now: epoch milliseconds.
    ///   - monotonic: milliseconds of a clock that nobody sets.
    func look(
        at status: EngineStatus, now: Int64 = SystemClock.epochMilliseconds,
        monotonic: Int64 = SystemClock.monotonicMilliseconds
    ) {
        var counts: [String: FlowMeter.Count] = [:]
        for segment in status.segments {
            counts[segment.id] = FlowMeter.Count(
                size: segment.members, entered: segment.entered, left: segment.left)
        }
        let days = Double(status.streamTimeMilliseconds ?? 0) / Self.millisecondsPerDay
        state.withLock { state in
            state.lag.add(lag: status.lagRecords, rate: status.recordsPerSecond, now: monotonic)
            guard status.modelVersion > 0 else { return }
            state.moves.add(status.moves, at: now)
            state.flows.add(counts, seconds: Double(monotonic) / 1_000, streamDays: days)
            state.trends = state.trends.filter { counts[$0.key] != nil }
            for (id, count) in counts {
                state.trends[id, default: SizeTrend()].add(members: count.size, at: now)
            }
        }
    }

    var isLagUnbounded: Bool { state.withLock { $0.lag.isUnbounded } }

    func flow(of segment: String) -> FlowRate { state.withLock { $0.flows.rate(of: segment) } }

    func trend(of segment: String) -> [SizeTrend.Sample] {
        state.withLock { $0.trends[segment]?.samples ?? [] }
    }

    func moves(minutes: Int) -> (since: Int64, moves: SegmentMoves) {
        let now = SystemClock.epochMilliseconds
        return state.withLock { $0.moves.moves(minutes: minutes, now: now) }
    }
}
