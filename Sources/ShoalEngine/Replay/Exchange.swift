internal import Dispatch
internal import Synchronization

/// Boxes that go round between a thread that fills them and one that empties them, in the order in which
/// they were filled; each waits for the other.
final class Exchange<Box: AnyObject & Sendable>: Sendable {
    private struct State {
        var empty: [Box]
        var full: [Box] = []
        var isStopped = false
    }

    private let state: Mutex<State>
    private let emptyCount = DispatchSemaphore(value: 0)
    private let fullCount = DispatchSemaphore(value: 0)

    /// - Parameter boxes: all there are, empty.
    init(boxes: [Box]) {
        state = Mutex(State(empty: boxes))
        for _ in boxes { emptyCount.signal() }
    }

    /// For the thread that fills: waits for an empty box.
    ///
    /// - Returns: `nil` once `stop` has been called.
    func takeEmpty() -> Box? {
        emptyCount.wait()
        return state.withLock { $0.isStopped ? nil : $0.empty.popLast() }
    }

    /// For the thread that fills: hands a box over.
    func put(full box: Box) {
        state.withLock { $0.full.append(box) }
        fullCount.signal()
    }

    /// For the thread that empties: waits for the next full box.
    ///
    /// - Returns: `nil` if there is none until `time`, or ever after `stop`.
    func takeFull(until time: DispatchTime = .distantFuture) -> Box? {
        guard fullCount.wait(timeout: time) == .success else { return nil }
        return state.withLock { $0.full.isEmpty ? nil : $0.full.removeFirst() }
    }

    /// For the thread that empties: gives a box back.
    func put(empty box: Box) {
        state.withLock { $0.empty.append(box) }
        emptyCount.signal()
    }

    /// For either: the other need not wait any longer.
    ///
    /// Full boxes are still handed out.
    func stop() {
        state.withLock { $0.isStopped = true }
        emptyCount.signal()
        fullCount.signal()
    }
}
