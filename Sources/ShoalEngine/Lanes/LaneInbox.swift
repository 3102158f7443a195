internal import Synchronization

/// Questions about customers that wait for their lane, which looks for them between two batches.
///
/// Bounded, so that a lane is never held up by those who ask: whoever comes too much is told so at once.
final class LaneInbox: Sendable {
    struct Question: Sendable {
        let customer: [UInt8]
        /// Where its records are; `nil` if they may be on any partition.
        let partition: Int32?
        /// Called on the lane's thread; must return at once.
        let answer: @Sendable (CustomerAnswer) -> Void
    }

    private struct State {
        var questions: [Question] = []
        var isClosed = false
    }

    private static let capacity = 256

    private let state = Mutex(State())
    /// So that a lane that nobody asks anything pays for one load.
    private let waitingCount = Atomic<Int>(0)

    var isEmpty: Bool { waitingCount.load(ordering: .relaxed) == 0 }

    /// Puts a question to the lane, or answers it when there is no room or no lane.
    func ask(_ question: Question) {
        let refusal: CustomerAnswer? = state.withLock { state in
            if state.isClosed { return .unavailable }
            guard state.questions.count < Self.capacity else { return .busy }
            state.questions.append(question)
            waitingCount.store(state.questions.count, ordering: .relaxed)
            return nil
        }
        if let refusal { question.answer(refusal) }
    }

    /// Hands out the oldest questions.
    func take(limit: Int) -> [Question] {
        state.withLock { state in
            let taken = Array(state.questions.prefix(limit))
            state.questions.removeFirst(taken.count)
            waitingCount.store(state.questions.count, ordering: .relaxed)
            return taken
        }
    }

    /// Answers what waits and everything that is still to come: the lane is gone.
    func close() {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.questions = [] }
            return state.questions
        }
        waitingCount.store(0, ordering: .relaxed)
        for question in left { question.answer(.unavailable) }
    }
}
