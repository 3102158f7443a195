internal import ShoalService
internal import Synchronization

/// Prints events, and remembers where it is in the stream.
final class TailPrinter: Sendable {
    private struct State {
        var left: Int?
        var lastID: String?
        var hasBegun = false
        var isOver = false
        var failure: EventStreamClient.Failure?
    }

    private let state: Mutex<State>

    init(limit: Int?) { state = Mutex(State(left: limit)) }

    var lastID: String? { state.withLock { $0.lastID } }
    /// Whether anything has come yet: an address that never answered is no lost connection.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }
    var isOver: Bool { state.withLock { $0.isOver } }
    var failure: EventStreamClient.Failure? { state.withLock { $0.failure } }

    func end(_ failure: EventStreamClient.Failure?) {
        state.withLock { state in
            state.failure = failure
            state.isOver = true
        }
    }

    func note(_ line: String) { StandardError.write("shoal tail: \(line)") }

    /// - Returns: whether more is wanted.
    func take(_ event: EventStreamParser.Event) -> Bool {
        state.withLock { state in
            state.hasBegun = true
            state.lastID = event.id ?? state.lastID
        }
        switch event.name {
        case "gap":
            note("some were missed: \(event.data)")
            return true
        case "change", "alert": print(event.data)
        default: return true
        }
        return state.withLock { state in
            if let left = state.left { state.left = left - 1 }
            return state.left != 0
        }
    }
}
