internal import Synchronization

/// Where one lane publishes its status, and anybody reads it or asks a question.
final class LaneBoard: Sendable {
    let inbox = LaneInbox()
    private let content = Mutex(LaneStatus())

    var status: LaneStatus { content.withLock { $0 } }

    func publish(_ status: LaneStatus) { content.withLock { $0 = status } }
}
