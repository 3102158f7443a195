internal import ShoalCore

/// Decoded records of one file, on their way from the thread that reads to the one that learns.
// Unchecked, because what it lends is its own and one thread at a time has it: an `Exchange` hands it over.
struct RecordBatch: ~Copyable, @unchecked Sendable {
    /// A line that is no event.
    struct Exception {
        enum Content {
            case ignored
            case rejected(EventRejection)
            case header
        }

        /// Its place among the records of the batch.
        let index: Int
        let content: Content
    }

    /// Records of a batch.
    private static let countMax = 512

    /// The file's place among those to be read.
    private(set) var topic = 0
    /// Whether these are the first records of their file.
    var beginsFile = false
    /// Of every record in the order of the file, headers included: from 1.
    private(set) var lineNumbers: [Int] = []
    /// Records that are no events, in the order of the file.
    private(set) var exceptions: [Exception] = []
    /// All the other records.
    private(set) var events: EventBatch
    /// Bytes of the file on disk, and how many of them have been read; the first 0 where it is not known.
    var bytesTotal = 0
    var bytesRead = 0
    /// Whether nothing comes after it, and if that is for an error, which.
    var isLast = false
    var failure: ReplayError?

    private let keepsLines: Bool
    /// By record, if lines are kept.
    private var lines: [LentBytes] = []
    private var texts = TextArena()

    /// - Parameters:
    ///   - plan: whose fields the events carry along.
    ///   - keepsLines: whether the lines of the records will be wanted.
    init(plan: FeaturePlan, keepsLines: Bool) {
        self.keepsLines = keepsLines
        events = EventBatch(plan: plan, capacity: Self.countMax)
        lineNumbers.reserveCapacity(Self.countMax)
    }

    var isEmpty: Bool { lineNumbers.isEmpty }

    var isFull: Bool { lineNumbers.count == Self.countMax }

    /// Begins anew with nothing in it.
    mutating func begin(topic: Int) {
        self.topic = topic
        beginsFile = false
        lineNumbers.removeAll(keepingCapacity: true)
        exceptions.removeAll(keepingCapacity: true)
        events.removeAll()
        lines.removeAll(keepingCapacity: true)
        texts.removeAll()
        failure = nil
        isLast = false
    }

    /// Adds an event that a line holds.
    @inline(__always)
    mutating func append(_ event: borrowing Event, _ line: RecordFile.Line) {
        events.append(event)
        append(line)
    }

    /// Adds a line that is no event.
    mutating func append(_ content: Exception.Content, _ line: RecordFile.Line) {
        exceptions.append(Exception(index: lineNumbers.count, content: content))
        append(line)
    }

    @inline(__always)
    private mutating func append(_ line: RecordFile.Line) {
        lineNumbers.append(line.number)
        if keepsLines { lines.append(unsafe texts.copy(LentBytes(line.bytes))) }
    }

    /// A record's line, without its line break, with 64 readable bytes after it; empty unless lines are kept.
    func line(of record: Int) -> LentBytes { keepsLines ? lines[record] : .empty }
}
