internal import Dispatch
internal import Synchronization

/// Boxes that go round between a thread that fills them and one that empties them, in the order in which
/// they were filled; each waits for the other.
final class Exchange<Box: AnyObject & Sendable>: Sendable {
    private struct State {
        var empty: [Box]
        var full: [Box] = []
        /// Empty boxes that the thread that fills has not been told of.
        var untold = 0
        var isStopped = false
    }

    private let toldAtOnce: Int

    private let state: Mutex<State>
    private let emptyCount = DispatchSemaphore(value: 0)
    private let fullCount = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - boxes: all there are, empty.
    ///   - toldAtOnce: how many of them are empty again before the thread that fills, if it waits, is woken,
    ///     which costs as much as a dozen records; fewer where the other one waits itself.
    init(boxes: [Box], toldAtOnce: Int = 1) {
        self.toldAtOnce = toldAtOnce
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
        if fullCount.wait(timeout: SystemClock.deadline(afterMilliseconds: 0)) != .success {
            tell()
            guard fullCount.wait(timeout: time) == .success else { return nil }
        }
        return state.withLock { $0.full.isEmpty ? nil : $0.full.removeFirst() }
    }

    /// For the thread that empties: gives a box back.
    func put(empty box: Box) {
        let isTime = state.withLock { state in
            state.empty.append(box)
            state.untold += 1
            return state.untold >= toldAtOnce
        }
        if isTime { tell() }
    }

    /// Tells the thread that fills of the boxes that are empty again.
    private func tell() {
        let count = state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
        for _ in 0..<count { emptyCount.signal() }
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
