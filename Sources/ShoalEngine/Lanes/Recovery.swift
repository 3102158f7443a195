internal import ShoalCore
internal import ShoalKafka

/// Brings partitions that were processed before back to where the group's committed offsets stand.
///
/// Without a snapshot: the retained input up to the committed offsets goes through the shards, with all
/// outputs suppressed, then the customers' segments are read back from `customer-segments`. It reads with a
/// consumer of its own and works in steps, so that the lane goes on serving its group.
struct Recovery: ~Copyable {
    /// A partition to read, up to and without `end`.
    struct Part {
        let partition: KafkaTopicPartition
        let start: Int64
        let end: Int64
    }

    private enum Phase { case input, segments, finished }

    private let reader: KafkaConsumer
    private let segmentsTopic: String
    let numbers: [Int32]
    private var phase: Phase
    /// Where each partition that is still read ends; 0…`Int64.max`.
    private var open: [KafkaTopicPartition: Int64]
    private var readBacks: [Int32: SegmentReadBack] = [:]
    private(set) var replayedCount = 0

    /// Starts to read.
    ///
    /// - Parameters:
    ///   - parts: what to replay; may be empty.
    ///   - numbers: partition numbers whose segments are read back.
    ///   - properties: librdkafka's.
    ///   - segmentsTopic: the compacted topic of current segments.
    ///   - events: told of the reader's health.
    /// - Throws: When librdkafka refuses.
    init(
        parts: [Part], numbers: [Int32], properties: KafkaProperties, segmentsTopic: String,
        events: @escaping KafkaEventSink
    ) throws(KafkaError) {
        var properties = properties
        properties["enable.partition.eof"] = "true"
        let reader = try KafkaConsumer(group: nil, properties: properties, events: events)
        var open: [KafkaTopicPartition: Int64] = [:]
        if parts.isEmpty {
            open = try Self.readSegments(numbers, of: segmentsTopic, with: reader)
        } else {
            for part in parts { open[part.partition] = part.end }
            try reader.assign(parts.map { KafkaPartitionOffset($0.partition, offset: $0.start) })
        }
        self.reader = reader
        self.segmentsTopic = segmentsTopic
        self.numbers = numbers
        self.open = open
        phase = parts.isEmpty ? .segments : .input
        for number in numbers { readBacks[number] = SegmentReadBack() }
    }

    consuming func close() { reader.close() }

    var isFinished: Bool { phase == .finished }

    /// Reads a bounded number of records.
    ///
    /// - Parameters:
    ///   - limit: of the records.
    ///   - timeoutMilliseconds: how long to wait for the first.
    ///   - absorb: gets a record of the input; its outputs are to be suppressed.
    /// - Throws: When the reader cannot go on.
    mutating func step(
        limit: Int, timeoutMilliseconds: Int32, absorb: (borrowing KafkaRecord, String) -> Void
    ) throws(KafkaError) {
        let isInput = phase == .input
        var ended: [KafkaTopicPartition] = []
        var replayed = 0
        let topics = reader.topics
        // Locals, because the closure may not touch what lends it the records.
        let open = open
        var readBacks = readBacks
        self.readBacks = [:]
        let result = reader.poll(limit: limit, timeoutMilliseconds: timeoutMilliseconds) {
            (record: borrowing KafkaRecord) in
            let topic = topics[record.topicIndex]
            let partition = KafkaTopicPartition(topic: topic, partition: record.partition)
            guard let end = open[partition] else { return }
            if record.offset + 1 >= end { ended.append(partition) }
            guard record.offset < end else { return }
            if isInput {
                replayed += 1
                absorb(record, topic)
            } else if let key = record.key {
                // Safe: copied at once.
                let key = unsafe key.withUnsafeBufferPointer { unsafe Array($0) }
                var value: [UInt8]?
                if let span = record.value {
                    value = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
                }
                readBacks[record.partition]?.absorb(key: key, value: value)
            }
        }
        self.readBacks = readBacks
        replayedCount += replayed
        switch result.event {
        case .endOfPartition(let end): ended.append(end.partition)
        case .failed(let error) where error.isFatal || error.isOffsetOutOfRange: throw error
        default: break
        }
        try close(ended)
    }

    /// Stops reading partitions whose end was reached, and goes on to the next phase after the last.
    private mutating func close(_ ended: [KafkaTopicPartition]) throws(KafkaError) {
        guard phase != .finished else { return }
        let closed = ended.filter { open.removeValue(forKey: $0) != nil }
        if !closed.isEmpty { try reader.pause(closed) }
        guard open.isEmpty else { return }
        guard phase == .input else {
            phase = .finished
            return
        }
        phase = .segments
        open = try Self.readSegments(numbers, of: segmentsTopic, with: reader)
    }

    /// Starts to read the current segments of these partition numbers, each up to its end.
    private static func readSegments(
        _ numbers: [Int32], of topic: String, with reader: borrowing KafkaConsumer
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        let partitions = numbers.map { KafkaTopicPartition(topic: topic, partition: $0) }
        reader.unassign()
        try reader.assign(
            partitions.map { KafkaPartitionOffset($0, offset: KafkaPartitionOffset.beginning) })
        return Dictionary(uniqueKeysWithValues: partitions.map { ($0, Int64.max) })
    }

    /// What was read back for one partition number; to be asked for once it is finished.
    func readBack(_ number: Int32) -> SegmentReadBack { readBacks[number] ?? SegmentReadBack() }
}
