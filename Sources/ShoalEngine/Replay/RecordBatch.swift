internal import ShoalCore

/// Decoded records of one file, on their way from the thread that reads to the one that learns.
// Unchecked, because one thread at a time has it: an `Exchange` hands it over.
@safe final class RecordBatch: @unchecked Sendable {
    /// One record or header.
    struct Entry {
        enum Content {
            /// Decoded into `event(_:)` of this number, whatever its time.
            case event(Int)
            case ignored
            case rejected(EventRejection)
            case header
        }

        let content: Content
        /// From 1.
        let lineNumber: Int
        /// The line, without its line break, with 64 readable bytes after it; empty unless lines are kept.
        let line: LentBytes
    }

    /// Records of a batch.
    static let countMax = 512

    /// The file's place among those to be read.
    private(set) var topic = 0
    /// Whether these are the first records of their file.
    var beginsFile = false
    private(set) var entries: [Entry] = []
    private(set) var eventCount = 0
    /// Bytes of the file on disk, and how many of them have been read; the first 0 where it is not known.
    var bytesTotal = 0
    var bytesRead = 0
    /// Whether nothing comes after it, and if that is for an error, which.
    var isLast = false
    var failure: ReplayError?

    private var texts = TextArena()
    // Owned by this object alone and freed in `deinit`; numbers are checked against `eventCount`.
    private let events: UnsafeMutablePointer<Event>

    init(schema: EventSchema, itemsMax: Int) {
        entries.reserveCapacity(Self.countMax)
        unsafe events = .allocate(capacity: Self.countMax)
        for index in 0..<Self.countMax {
            unsafe (events + index).initialize(to: Event(schema: schema, itemsMax: itemsMax))
        }
    }

    deinit {
        unsafe events.deinitialize(count: Self.countMax)
        unsafe events.deallocate()
    }

    var isEmpty: Bool { entries.isEmpty }

    var isFull: Bool { entries.count == Self.countMax }

    /// Begins anew with nothing in it.
    func begin(topic: Int) {
        self.topic = topic
        beginsFile = false
        entries.removeAll(keepingCapacity: true)
        eventCount = 0
        texts.removeAll()
        failure = nil
        isLast = false
    }

    /// Adds what became of a line that is not full.
    ///
    /// - Parameters:
    ///   - outcome: what the decoder said; if an event, the decoder's is exchanged for an old one.
    ///   - line: still lent by its file.
    ///   - keepsLine: whether the line's bytes will be wanted.
    ///   - decoder: has decoded the line.
    func append(
        _ outcome: DecodeOutcome, _ line: RecordFile.Line, keepsLine: Bool, decoder: inout EventDecoder
    ) {
        let content: Entry.Content
        switch outcome {
        case .event:
            unsafe swap(&decoder.event, &events[eventCount])
            unsafe events[eventCount].keepTexts(in: &texts)
            content = .event(eventCount)
            eventCount += 1
        case .ignored: content = .ignored
        case .rejected(let rejection): content = .rejected(rejection)
        }
        append(content, line, keepsLine: keepsLine)
    }

    /// Adds a line that names columns.
    func appendHeader(_ line: RecordFile.Line) { append(.header, line, keepsLine: true) }

    private func append(_ content: Entry.Content, _ line: RecordFile.Line, keepsLine: Bool) {
        let bytes = unsafe keepsLine ? texts.copy(LentBytes(line.bytes)) : .empty
        entries.append(Entry(content: content, lineNumber: line.number, line: bytes))
    }

    /// Lends an event to `body`.
    @inline(__always)
    func withEvent<Result>(_ number: Int, _ body: (borrowing Event) -> Result) -> Result {
        precondition(number >= 0 && number < eventCount)
        return unsafe body(events[number])
    }
}
