internal import Synchronization

/// Where one lane publishes its status, and anybody reads it.
final class LaneBoard: Sendable {
    private let content = Mutex(LaneStatus())

    var status: LaneStatus { content.withLock { $0 } }

    func publish(_ status: LaneStatus) { content.withLock { $0 = status } }
}
