internal import Dispatch
internal import Synchronization

/// Batches that go round between a thread that fills them and one that empties them, in the order in which
/// they were filled; each waits for the other.
final class Exchange<Batch: ~Copyable & Sendable>: Sendable {
    /// Where a batch lies while no thread has it.
    private final class Place {
        var batch: Batch?

        init(_ batch: consuming Batch?) { self.batch = batch }
    }

    private struct State {
        var empty: [Place] = []
        var full: [Place] = []
        /// Places without a batch.
        var free: [Place] = []
        /// Empty batches that the thread that fills has not been told of.
        var untold = 0
        var isStopped = false

        mutating func take(from place: Place) -> Batch? {
            free.append(place)
            return place.batch.take()
        }

        mutating func put(_ batch: consuming Batch?) -> Place {
            guard let place = free.popLast() else { return Place(batch) }
            place.batch = batch
            return place
        }
    }

    private let toldAtOnce: Int

    private let state = Mutex(State())
    private let emptyCount = DispatchSemaphore(value: 0)
    private let fullCount = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - count: how many batches there are.
    ///   - toldAtOnce: how many of them are empty again before the thread that fills, if it waits, is woken,
    ///     which costs as much as a dozen records; fewer where the other one waits itself.
    ///   - make: makes an empty one.
    init(count: Int, toldAtOnce: Int = 1, _ make: () -> Batch) {
        self.toldAtOnce = toldAtOnce
        for _ in 0..<count { put(empty: make()) }
        tell()
    }

    /// For the thread that fills: waits for an empty batch.
    ///
    /// - Returns: `nil` once `stop` has been called.
    func takeEmpty() -> Batch? {
        emptyCount.wait()
        return state.withLock { state in
            if state.isStopped { return nil }
            guard let place = state.empty.popLast() else { return nil }
            return state.take(from: place)
        }
    }

    /// For the thread that fills: hands a batch over.
    func put(full batch: consuming Batch) {
        var batch = Optional(batch)
        state.withLock { $0.full.append($0.put(batch.take())) }
        fullCount.signal()
    }

    /// For the thread that empties: waits for the next full batch.
    ///
    /// - Returns: `nil` if there is none until `time`, or ever after `stop`.
    func takeFull(until time: DispatchTime = .distantFuture) -> Batch? {
        if fullCount.wait(timeout: SystemClock.deadline(afterMilliseconds: 0)) != .success {
            tell()
            guard fullCount.wait(timeout: time) == .success else { return nil }
        }
        return state.withLock { state in
            if state.full.isEmpty { return nil }
            return state.take(from: state.full.removeFirst())
        }
    }

    /// For the thread that empties: gives a batch back.
    func put(empty batch: consuming Batch) {
        var batch = Optional(batch)
        let isTime = state.withLock { state in
            state.empty.append(state.put(batch.take()))
            state.untold += 1
            return state.untold >= toldAtOnce
        }
        if isTime { tell() }
    }

    /// Tells the thread that fills of the batches that are empty again.
    private func tell() {
        let count = state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
        for _ in 0..<count { emptyCount.signal() }
    }

    /// For either: the other need not wait any longer.
    ///
    /// Full batches are still handed out.
    func stop() {
        state.withLock { $0.isStopped = true }
        emptyCount.signal()
        fullCount.signal()
    }
}
