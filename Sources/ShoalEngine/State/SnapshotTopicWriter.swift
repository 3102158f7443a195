internal import ShoalCore
internal import ShoalKafka

/// Puts snapshot files into the state's topic; used by one thread at a time.
///
/// Nothing of the snapshot before is touched until the new one counts. Then whatever else of the group is in
/// the partition is removed: a customer who was forgotten is in no older one, and what a crash left half sent
/// goes.
struct SnapshotTopicWriter: ~Copyable {
    private static let flushMilliseconds: Int32 = 1_000
    /// With the time of each, a minute.
    private static let flushesMax = 60

    private let place: SnapshotTopicPlace
    private let producer: KafkaProducer
    private let topic: KafkaTopicHandle
    private let reader: SnapshotTopicReader
    /// By partition: where it ended after the last snapshot, and that snapshot's keys.
    private var sent: [Int32: (end: Int64, keys: [SnapshotTopicKey])] = [:]
    private var number = 0

    init(_ place: SnapshotTopicPlace) throws(SnapshotTopicError) {
        let reader = try SnapshotTopicReader(place)
        let producer = try Self.producer(place)
        topic = try Self.handle(of: producer, place)
        self.place = place
        self.producer = producer
        self.reader = reader
    }

    private static func producer(_ place: SnapshotTopicPlace) throws(SnapshotTopicError) -> KafkaProducer {
        var properties = place.properties
        // A snapshot is compressed already, and must not wait in memory as a whole.
        properties["compression.type"] = "none"
        properties.setDefaults(["queue.buffering.max.kbytes": "16384"])
        do throws(KafkaError) {
            return try KafkaProducer(properties: properties, events: place.events)
        } catch {
            throw .kafka(topic: place.topic, error)
        }
    }

    private static func handle(
        of producer: borrowing KafkaProducer, _ place: SnapshotTopicPlace
    ) throws(SnapshotTopicError) -> KafkaTopicHandle {
        do throws(KafkaError) {
            return try producer.topic(place.topic)
        } catch {
            throw .kafka(topic: place.topic, error)
        }
    }

    consuming func close() {
        producer.close()
        reader.close()
    }

    /// Sends a whole file, after which it counts.
    ///
    /// - Throws: If it is not known to be in Kafka; what was sent of it does not count.
    mutating func send(file path: String, partition: Int32) throws(SnapshotTopicError) {
        let stale = try keysBefore(partition)
        let snapshot = name(after: stale)
        func key(_ part: SnapshotTopicKey.Part) -> SnapshotTopicKey {
            SnapshotTopicKey(group: place.group, snapshot: snapshot, part: part)
        }
        var keys: [SnapshotTopicKey] = []
        var (byteCount, checksum) = (0, CRC32C())
        let chunks = try Self.chunks(of: path)
        var waiting: [UInt8] = []
        while true {
            let more = try Self.next(chunks, of: path)
            waiting += more
            while waiting.count >= place.chunkBytes || (more.isEmpty && !waiting.isEmpty) {
                let chunk = Array(waiting.prefix(place.chunkBytes))
                waiting.removeFirst(chunk.count)
                unsafe chunk.withUnsafeBytes { unsafe checksum.combine($0) }
                byteCount += chunk.count
                keys.append(key(.chunk(keys.count)))
                try produce(keys[keys.count - 1], chunk, to: partition)
            }
            if more.isEmpty { break }
        }
        try flush()
        let manifest = SnapshotManifest(chunks: keys.count, bytes: byteCount, checksum: checksum.value)
        keys.append(key(.end))
        try produce(key(.end), manifest.record, to: partition)
        try flush()
        // First what makes it count, so that nothing counts of which parts are gone.
        for old in stale.filter({ $0.part == .end }) + stale.filter({ $0.part != .end }) {
            try produce(old, nil, to: partition)
        }
        try flush()
        sent[partition] = (try reader.end(of: partition), keys)
    }

    /// Keys of the group that count; what another process may have added since is looked for.
    private mutating func keysBefore(_ partition: Int32) throws(SnapshotTopicError) -> [SnapshotTopicKey] {
        if let last = sent.removeValue(forKey: partition), try reader.end(of: partition) == last.end {
            return last.keys
        }
        return try reader.survey(partition).offsets.sorted { $0.value < $1.value }.map(\.key)
    }

    /// A name that none of the keys has.
    private mutating func name(after keys: [SnapshotTopicKey]) -> String {
        let taken = Set(keys.map(\.snapshot))
        repeat { number += 1 } while taken.contains("\(place.instance)-\(number)")
        return "\(place.instance)-\(number)"
    }

    private func produce(
        _ key: SnapshotTopicKey, _ value: [UInt8]?, to partition: Int32
    ) throws(SnapshotTopicError) {
        do throws(KafkaError) {
            try producer.produce(to: topic, partition: partition, key: key.bytes.span, value: value?.span)
        } catch {
            throw .kafka(topic: place.topic, error)
        }
    }

    private func flush() throws(SnapshotTopicError) {
        for attempt in 1...Self.flushesMax {
            do throws(KafkaError) {
                return try producer.flush(timeoutMilliseconds: Self.flushMilliseconds)
            } catch {
                guard error.isTimeout, attempt < Self.flushesMax else {
                    throw .kafka(topic: place.topic, error)
                }
            }
        }
    }

    private static func chunks(of path: String) throws(SnapshotTopicError) -> FileChunks {
        do throws(SnapshotError) {
            return try FileChunks(path: path)
        } catch {
            throw .store(.snapshot(path: path, error))
        }
    }

    private static func next(_ chunks: FileChunks, of path: String) throws(SnapshotTopicError) -> [UInt8] {
        do throws(SnapshotError) {
            return try chunks.next()
        } catch {
            throw .store(.snapshot(path: path, error))
        }
    }
}
