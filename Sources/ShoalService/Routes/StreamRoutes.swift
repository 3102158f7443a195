internal import HTTPTypes
internal import Hummingbird
internal import ShoalEngine

/// `/v1/changes`, `/v1/alerts` and `/v1/live`: server-sent events.
struct StreamRoutes {
    /// For all subscribers together.
    private static let bytesPerBeat = LiveFeed.bytesPerSecond * Pulse.milliseconds / 1_000
    private static let bytesMin = 2_048
    /// Each write costs some ten microseconds, so the more there are, the less often each is written to.
    private static let subscribersPerBeat = 20
    /// Further behind than this, a subscriber is taken to the newest changes and told of the gap.
    private static let behindMax = 4_096
    private static let afterGap = 256
    /// Of the page: a change at a time is what a person can follow. In beats:
    private static let livePerTurn = 1
    private static let liveBeats = 2
    private static let statusBeats = 20
    private static let segmentBeats = 40
    private static let transitionBeats = 100

    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/v1/changes", changes), Route(.get, "/v1/alerts", alerts),
            Route(.get, "/v1/live", live),
        ]
    }

    private func response(
        _ context: ServiceContext, _ filter: ChangeFilter = ChangeFilter(),
        _ body:
            @escaping @Sendable (inout EventStreamWriter, inout any ResponseBodyWriter) async throws -> Void
    ) throws -> Response {
        guard state.subscribers.hasRoom else {
            throw ServiceError.unavailable("too many subscribers; read the topics of Kafka instead")
        }
        guard !state.feed.isClosed else { throw ServiceError.unavailable("the daemon is stopping") }
        let (state, channel) = (state, context.channel)
        // Whoever has gone by now never comes to the body, so nobody is counted in before it.
        let stream = ResponseBody { writer in
            guard state.feed.join(filter) else { return try await writer.finish(nil) }
            defer { state.feed.leave(filter) }
            guard let id = state.subscribers.join(channel) else { return try await writer.finish(nil) }
            defer { state.subscribers.leave(id) }
            var events = EventStreamWriter(id: id, subscribers: state.subscribers)
            try await events.flush(to: &writer)
            try await body(&events, &writer)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: stream)
    }

    // MARK: Changes

    private func changes(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let filter = try Self.filter(request)
        let (state, identity) = (state, state.settings.identity)
        let (isComingBack, last) = lastEvent(request)
        // Of a feed that has moved on since, or of another process, nothing is known.
        let start = last.flatMap { $0 < state.feed.newest ? $0 + 1 : nil }
        return try response(context, filter) { events, writer in
            var next = start ?? state.feed.newest
            if start == nil, isComingBack {
                events.add("gap", id: "\(identity)-\(next)", data: Array(#"{"missed":null}"#.utf8))
            }
            while !state.feed.isClosed {
                var missed = state.feed.skip(&next, beyond: Self.behindMax, keeping: Self.afterGap)
                let count = max(1, state.subscribers.count)
                let beats = 1 + count / Self.subscribersPerBeat
                let portion = state.feed.portion(
                    from: next, filter, bytesMax: max(Self.bytesPerBeat * beats / count, Self.bytesMin))
                missed += portion.missed
                next = portion.next
                if missed > 0 {
                    state.subscribers.noteMissed(missed)
                    events.add("gap", data: Array(#"{"missed":\#(missed)}"#.utf8))
                }
                for (sequence, change) in portion.changes {
                    events.add("change", id: "\(identity)-\(sequence)", data: change.json)
                }
                try await events.flush(to: &writer)
                for _ in 0..<beats { await state.pulse.wait() }
            }
        }
    }

    private static func filter(_ request: Request) throws -> ChangeFilter {
        var filter = ChangeFilter()
        for (name, value) in request.uri.queryParameters {
            switch name {
            case "segment":
                guard let number = value.hasPrefix("s") ? Int(value.dropFirst()) : nil, number > 0 else {
                    throw ServiceError.badRequest("segment=\(value): write it as s3")
                }
                filter.segment = number
            case "customer": filter.customer = Array(value.utf8)
            default: throw ServiceError.badRequest("there is no \(name)=; there are segment= and customer=")
            }
        }
        return filter
    }

    /// What a subscriber who comes again had last: its number, if it was one of this process.
    private func lastEvent(_ request: Request) -> (isComingBack: Bool, sequence: Int?) {
        guard let field = HTTPField.Name("Last-Event-ID"), let text = request.headers[field], !text.isEmpty
        else {
            return (false, nil)
        }
        let prefix = "\(state.settings.identity)-"
        guard text.hasPrefix(prefix), let sequence = Int(text.dropFirst(prefix.count)), sequence >= 0 else {
            return (true, nil)
        }
        return (true, sequence)
    }

    // MARK: Alerts

    private func alerts(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let (state, identity) = (state, state.settings.identity)
        // Those that are kept are told at first, as there are few.
        let start = lastEvent(request).sequence.map { $0 + 1 } ?? 0
        return try response(context) { events, writer in
            var next = start
            while !state.feed.isClosed {
                let alerts = state.feed.alerts(from: next)
                next = alerts.next
                for (sequence, json) in alerts.records {
                    events.add("alert", id: "\(identity)-\(sequence)", data: json)
                }
                try await events.flush(to: &writer)
                for _ in 0..<Self.liveBeats { await state.pulse.wait() }
            }
        }
    }

    // MARK: The page

    private func live(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let state = state
        return try response(context) { events, writer in
            var next = state.feed.newest
            var nextAlert = state.feed.alerts(from: .max).next
            var beat = 0
            while !state.feed.isClosed {
                if beat % Self.statusBeats == 0 {
                    events.add("status", data: ServiceAnswer.encoded(state.statusView()))
                }
                if beat % Self.segmentBeats == 0 {
                    events.add("segments", data: ServiceAnswer.encoded(state.segmentsView()))
                }
                if beat % Self.transitionBeats == 0 {
                    let view = TransitionsView(minutes: 60, watch: state.watch)
                    events.add("transitions", data: ServiceAnswer.encoded(view))
                }
                let alerts = state.feed.alerts(from: nextAlert)
                nextAlert = alerts.next
                for (_, json) in alerts.records { events.add("alert", data: json) }
                _ = state.feed.skip(&next, beyond: Self.livePerTurn, keeping: Self.livePerTurn)
                let portion = state.feed.portion(from: next, ChangeFilter(), bytesMax: 1)
                next = portion.next
                for (_, change) in portion.changes { events.add("change", data: change.json) }
                try await events.flush(to: &writer)
                for _ in 0..<Self.liveBeats { await state.pulse.wait() }
                beat += Self.liveBeats
            }
        }
    }
}
