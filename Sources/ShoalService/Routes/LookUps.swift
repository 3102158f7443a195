internal import ShoalEngine
internal import Synchronization

/// Questions to the engine as something that can be awaited, for a bounded time.
final class LookUps: Sendable {
    private struct Question {
        let continuation: CheckedContinuation<CustomerAnswer?, Never>
        /// Milliseconds of a monotonic clock.
        let askedAt: Int64
    }

    private struct State {
        var questions: [Int: Question] = [:]
        var next = 0
        var answered = 0
        var refused = 0
        var durations = LatencyMeter()
    }

    /// A lane that has not answered by then is busy with something else than events.
    private static let patienceMilliseconds: Int64 = 2_000

    private let state = Mutex(State())

    var answered: Int { state.withLock { $0.answered } }
    /// Because too many waited, or nobody answered in time.
    var refused: Int { state.withLock { $0.refused } }

    /// From a question to its answer, those that came in time.
    var durations: LatencyHistogram { state.withLock { $0.durations.all } }

    func countAnswered() { state.withLock { $0.answered += 1 } }
    func countRefused() { state.withLock { $0.refused += 1 } }

    /// - Returns: `nil` if nobody answered in time.
    func ask(_ engine: Engine, about customer: [UInt8]) async -> CustomerAnswer? {
        let askedAt = SystemClock.monotonicMilliseconds
        let answer = await withCheckedContinuation { continuation in
            let number = state.withLock { state in
                state.next += 1
                state.questions[state.next] = Question(continuation: continuation, askedAt: askedAt)
                return state.next
            }
            engine.lookUp(customer) { self.settle(number, $0) }
        }
        if answer != nil {
            let duration = SystemClock.monotonicMilliseconds - askedAt
            state.withLock { $0.durations.record(milliseconds: duration) }
        }
        return answer
    }

    /// Whoever comes first answers: the lane, or the clock.
    private func settle(_ number: Int, _ answer: CustomerAnswer?) {
        let question = state.withLock { $0.questions.removeValue(forKey: number) }
        question?.continuation.resume(returning: answer)
    }

    /// Answers those that have waited for too long; to be called now and then.
    func giveUpOld() {
        let now = SystemClock.monotonicMilliseconds
        let old = state.withLock { state in
            state.questions.filter { now - $0.value.askedAt > Self.patienceMilliseconds }.map(\.key)
        }
        for number in old { settle(number, nil) }
    }
}
