internal import Synchronization

/// A beat that many wait for together, so that a thousand subscribers cost one timer.
final class Pulse: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isOver = false
    }

    static let milliseconds = 50

    private let state = Mutex(State())

    /// Waits for the next beat; returns at once when there are no more.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    func beat() {
        let waiting = state.withLock { state in
            defer { state.waiting.removeAll(keepingCapacity: true) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The last beat.
    func end() {
        state.withLock { $0.isOver = true }
        beat()
    }
}
