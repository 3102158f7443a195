internal import NIOHTTP1
internal import Synchronization

/// What a client's connection has come to: the events so far, and why it ended.
final class EventStreamReader: Sendable {
    private struct State {
        var parser = EventStreamParser()
        var failure: EventStreamClient.Failure?
        var isSatisfied = false
        /// The status of an answer that is no stream, whose body says why.
        var refusal: HTTPResponseStatus?
        var body: [UInt8] = []
    }

    let request: HTTPRequestHead
    private let receive: @Sendable (EventStreamParser.Event) -> Bool
    private let state = Mutex(State())

    init(request: HTTPRequestHead, receive: @escaping @Sendable (EventStreamParser.Event) -> Bool) {
        self.request = request
        self.receive = receive
    }

    var failure: EventStreamClient.Failure? { state.withLock { $0.failure } }
    var isSatisfied: Bool { state.withLock { $0.isSatisfied } }

    func fail(_ reason: String, isTemporary: Bool) {
        state.withLock { state in
            guard state.failure == nil, !state.isSatisfied else { return }
            state.failure = EventStreamClient.Failure(description: reason, isTemporary: isTemporary)
        }
    }

    func begin(_ head: HTTPResponseHead) {
        guard head.status != .ok else { return }
        state.withLock { $0.refusal = head.status }
    }

    /// - Returns: whether more is wanted.
    func absorb(_ bytes: [UInt8]) -> Bool {
        let events: [EventStreamParser.Event] = state.withLock { state in
            if state.refusal != nil {
                state.body += bytes
                return []
            }
            return state.parser.absorb(bytes)
        }
        for event in events where !receive(event) {
            state.withLock { $0.isSatisfied = true }
            return false
        }
        return true
    }

    func end() {
        let (refusal, body) = state.withLock { ($0.refusal, $0.body) }
        guard let refusal else { return }
        fail(
            "the daemon answers \(refusal.code): \(String(decoding: body, as: UTF8.self))",
            isTemporary: refusal.code >= 500)
    }
}
