internal import Dispatch
internal import ShoalCore
internal import Synchronization

/// Encodes and writes one lane's snapshots, one at a time, away from the lane's thread.
///
/// Called by the lane alone; what it is given is done in order on a queue of its own.
final class SnapshotRecorder: Sendable {
    /// Blocks that may wait: a lane that copies faster than the disk takes it waits with the next.
    private static let blocksMax = 16

    /// Gets what was saved, with its bytes on disk, or why it was not.
    typealias Report = @Sendable (SnapshotHeader, Result<Int, SnapshotStoreError>) -> Void

    /// Gets why a snapshot, though it is saved, is not in the state's topic.
    typealias TopicReport = @Sendable (SnapshotHeader, SnapshotTopicError) -> Void

    private struct State: ~Copyable {
        var task: SnapshotTask?
        var header: SnapshotHeader?
        /// Of the state's topic, once something has been saved.
        var writer: SnapshotTopicWriter?
    }

    private let store: SnapshotStore
    private let place: SnapshotTopicPlace?
    private let report: Report
    private let topicReport: TopicReport
    /// `nil` does everything at once, on the lane's thread.
    private let queue: DispatchQueue?
    private let group = DispatchGroup()
    /// Only touched on the queue.
    private let state = Mutex(State())
    private let waitingCount = Atomic<Int>(0)
    private let hasFailed = Atomic<Bool>(false)

    /// - Parameters:
    ///   - store: where to.
    ///   - name: the lane's.
    ///   - place: where in Kafka snapshots go too; `nil` for nowhere.
    ///   - isInBackground: false where one thread is to do everything, in an order that repeats.
    ///   - report: gets what came of each snapshot.
    ///   - topicReport: gets each that Kafka did not take.
    init(
        store: SnapshotStore, name: String, place: SnapshotTopicPlace? = nil, isInBackground: Bool,
        report: @escaping Report, topicReport: @escaping TopicReport = { _, _ in }
    ) {
        self.store = store
        self.place = place
        self.report = report
        self.topicReport = topicReport
        queue = isInBackground ? DispatchQueue(label: "shoal \(name) snapshots") : nil
    }

    /// Whether nothing is left to do.
    var isIdle: Bool { waitingCount.load(ordering: .acquiring) == 0 }

    /// Whether the next block would not have to wait for long.
    var hasRoom: Bool { waitingCount.load(ordering: .relaxed) < Self.blocksMax }

    func begin(_ header: SnapshotHeader) {
        enqueue { recorder, state in
            state.header = header
            do throws(SnapshotStoreError) {
                state.task = try SnapshotTask(header, store: recorder.store)
            } catch {
                recorder.fail(header, error)
            }
        }
    }

    func append(_ block: FrozenBlock) {
        enqueue { recorder, state in
            guard var task = state.task.take(), let header = state.header else { return }
            do throws(SnapshotStoreError) {
                try task.append(block)
                state.task = consume task
            } catch {
                recorder.fail(header, error)
            }
        }
    }

    func finish() {
        enqueue { recorder, state in
            guard let task = state.task.take(), let header = state.header else { return }
            do throws(SnapshotStoreError) {
                recorder.report(header, .success(try task.finish()))
                recorder.send(header, &state)
            } catch {
                recorder.fail(header, error)
            }
        }
    }

    /// Puts the snapshot that was saved last into the state's topic.
    private func send(_ header: SnapshotHeader, _ state: inout State) {
        let partition = header.place.partition
        guard let place, let path = store.files(of: partition).first else { return }
        do throws(SnapshotTopicError) {
            // With clients that have failed nothing more is tried.
            var writer = try Self.writer(state.writer.take(), for: place)
            try writer.send(file: path, partition: partition)
            state.writer = consume writer
        } catch {
            hasFailed.store(true, ordering: .relaxed)
            topicReport(header, error)
        }
    }

    private static func writer(
        _ kept: consuming SnapshotTopicWriter?, for place: SnapshotTopicPlace
    ) throws(SnapshotTopicError) -> SnapshotTopicWriter {
        if let kept { return kept }
        return try SnapshotTopicWriter(place)
    }

    /// Gives the snapshot up.
    func abandon() { enqueue { _, state in state.task = nil } }

    /// Waits until everything is done.
    ///
    /// - Returns: whether it is.
    func wait(untilMilliseconds deadline: Int64) -> Bool {
        let left = max(0, deadline - SystemClock.monotonicMilliseconds)
        return group.wait(timeout: SystemClock.deadline(afterMilliseconds: left)) == .success
    }

    /// Whether a snapshot has failed since this was last asked.
    func takeFailure() -> Bool { hasFailed.exchange(false, ordering: .relaxed) }

    private func fail(_ header: SnapshotHeader, _ error: SnapshotStoreError) {
        hasFailed.store(true, ordering: .relaxed)
        report(header, .failure(error))
    }

    private func enqueue(_ body: @escaping @Sendable (SnapshotRecorder, inout State) -> Void) {
        guard let queue else { return state.withLock { body(self, &$0) } }
        waitingCount.add(1, ordering: .relaxed)
        queue.async(group: group) { [self] in
            state.withLock { body(self, &$0) }
            waitingCount.subtract(1, ordering: .releasing)
        }
    }
}
