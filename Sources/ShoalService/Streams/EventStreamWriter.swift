internal import Hummingbird
internal import NIOCore
internal import ShoalEngine

/// Writes server-sent events (WHATWG HTML, section 9.2) to one subscriber, with heart-beats in between.
struct EventStreamWriter {
    /// Proxies close a silent connection after half a minute or more.
    private static let heartbeatMilliseconds: Int64 = 10_000
    /// What a browser waits before it connects anew, milliseconds.
    private static let retry = 2_000

    private let id: Int
    private let subscribers: SubscriberList
    private var buffer = ByteBuffer()
    private var wroteAt: Int64 = 0

    init(id: Int, subscribers: SubscriberList) {
        self.id = id
        self.subscribers = subscribers
        buffer.writeString("retry: \(Self.retry)\n\n")
    }

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - name: of the event.
    ///   - sequence: what `Last-Event-ID` says to go on after it; `nil` keeps the one before.
    ///   - data: without line breaks.
    mutating func add(_ name: StaticString, id sequence: String? = nil, data: some Collection<UInt8>) {
        if let sequence { buffer.writeString("id: \(sequence)\n") }
        buffer.writeString("event: \(name)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
    }

    /// Writes what was added, or a sign of life if it is time for one; waits while the reader is slow.
    mutating func flush(to writer: inout any ResponseBodyWriter) async throws {
        let now = SystemClock.monotonicMilliseconds
        if buffer.readableBytes == 0 {
            guard now - wroteAt >= Self.heartbeatMilliseconds else { return }
            buffer.writeString(":\n\n")
        }
        wroteAt = now
        subscribers.beginsWriting(id)
        try await writer.write(buffer)
        subscribers.hasWritten(id)
        // The channel may still hold the bytes.
        buffer = ByteBuffer()
    }
}
