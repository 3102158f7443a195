internal import ShoalCore
internal import ShoalKafka

/// Brings partitions that were processed before back to where the group's committed offsets stand.
///
/// The input up to the committed offsets goes through the shards, with all outputs suppressed; then the
/// customers' segments and revisions are read back from the partition's own outputs, up to where these end
/// now. It reads with a consumer of its own and works in steps, so that the lane goes on serving its group.
struct Recovery<Consumer: LaneConsumer & ~Copyable>: ~Copyable {
    private enum Phase { case input, segments, finished }

    /// Not less: Tansu 0.6 looks at every batch of a partition for each request, and answers with nothing
    /// when that takes longer.
    private static var endWaitMilliseconds: Int { 50 }

    private let properties: KafkaProperties
    private let events: KafkaEventSink
    private var reader: Consumer
    private var records = SegmentRecordReader()
    /// Where what was said of each partition number's customers is read from.
    private let outputs: [KafkaPartitionOffset]
    var numbers: [Int32] { outputs.map(\.partition.partition) }
    private var phase: Phase
    /// Where each partition that is still read ends; 0…`Int64.max`.
    private var open: [KafkaTopicPartition: Int64]
    private var readBacks: [Int32: SegmentReadBack] = [:]
    private(set) var replayedCount = 0

    /// Starts to read.
    ///
    /// - Parameters:
    ///   - parts: what to replay; may be empty.
    ///   - outputs: one per partition number: its `customer-segments` from their beginning, or its
    ///     `segment-changes` from where a snapshot has seen them.
    ///   - properties: librdkafka's.
    ///   - events: told of the reader's health.
    /// - Throws: When librdkafka refuses.
    init(
        parts: [RecoveryPart], outputs: [KafkaPartitionOffset], properties: KafkaProperties,
        events: @escaping KafkaEventSink
    ) throws(KafkaError) {
        var properties = properties
        properties["enable.partition.eof"] = "true"
        // What is gone while it is being read may not be left out of a profile silently.
        properties["auto.offset.reset"] = "error"
        // A broker tells of an end only after so long, and there may be one for each phase and topic: half a
        // second each, as lanes may wait, would be most of the time that it takes.
        properties["fetch.wait.max.ms"] = "\(Self.endWaitMilliseconds)"
        let reader = try Consumer(group: nil, properties: properties, events: events)
        var open: [KafkaTopicPartition: Int64] = [:]
        if parts.isEmpty {
            open = try Self.readBack(outputs, with: reader)
        } else {
            for part in parts { open[part.partition] = part.end }
            try reader.assign(parts.map { KafkaPartitionOffset($0.partition, offset: $0.start) })
        }
        self.properties = properties
        self.events = events
        self.reader = reader
        self.outputs = outputs
        self.open = open
        phase = parts.isEmpty ? .segments : .input
        for output in outputs { readBacks[output.partition.partition] = SegmentReadBack() }
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
        var records = SegmentRecordReader()
        swap(&records, &self.records)
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
                guard let value = record.value else {
                    readBacks[record.partition]?.absorb(key: key, record: nil)
                    return
                }
                // Safe: the bytes live until the record's closure returns.
                if let read = unsafe value.withUnsafeBytes({ unsafe records.read($0) }) {
                    readBacks[record.partition]?.absorb(key: key, record: read)
                } else {
                    readBacks[record.partition]?.countGarbage()
                }
            }
        }
        self.readBacks = readBacks
        swap(&records, &self.records)
        replayedCount += replayed
        switch result.event {
        case .endOfPartition(let end):
            // Without open transactions it is the end; before one, a predecessor's commit may still be on its
            // way.
            let known = reader.cachedWatermarks(end.partition)?.upperBound ?? 0
            if isInput || end.offset >= known { ended.append(end.partition) }
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
        // Of its own, because librdkafka begins to read a topic that is new to a consumer at work only within
        // a second.
        let next = try Consumer(group: nil, properties: properties, events: events)
        open = try Self.readBack(outputs, with: next)
        exchange(&reader, with: next).close()
    }

    /// Starts to read outputs, each up to its end.
    private static func readBack(
        _ outputs: [KafkaPartitionOffset], with reader: borrowing Consumer
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        try reader.assign(outputs)
        return Dictionary(uniqueKeysWithValues: outputs.map { ($0.partition, Int64.max) })
    }

    /// The topic that was read back for one partition number.
    func outputTopic(of number: Int32) -> String {
        outputs.first { $0.partition.partition == number }?.partition.topic ?? ""
    }

    /// What was read back for one partition number; to be asked for once it is finished.
    func readBack(_ number: Int32) -> SegmentReadBack { readBacks[number] ?? SegmentReadBack() }
}
