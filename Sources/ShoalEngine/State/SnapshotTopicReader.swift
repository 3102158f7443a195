internal import ShoalCore
internal import ShoalKafka

/// Reads snapshots from the state's topic; used by one thread.
struct SnapshotTopicReader: ~Copyable {
    private static let askMilliseconds: Int32 = 10_000
    private static let pollMilliseconds: Int32 = 100
    private static let recordsPerPoll = 100
    /// Polls without progress before a broker counts as silent: 15 s.
    private static let pollsMax = 150

    /// What a partition holds of this group.
    struct Survey {
        /// Offsets of the records that count, by key.
        fileprivate(set) var offsets: [SnapshotTopicKey: Int64] = [:]
        /// Snapshots that count, oldest first.
        fileprivate(set) var manifests: [(snapshot: String, manifest: SnapshotManifest)] = []
        /// After the last record.
        fileprivate(set) var end: Int64 = 0
    }

    private let place: SnapshotTopicPlace
    private let consumer: KafkaConsumer

    init(_ place: SnapshotTopicPlace) throws(SnapshotTopicError) {
        self.place = place
        var properties = place.properties
        properties["enable.partition.eof"] = "true"
        properties.setDefaults(["auto.offset.reset": "earliest", "queued.max.messages.kbytes": "16384"])
        do throws(KafkaError) {
            consumer = try KafkaConsumer(group: nil, properties: properties, events: place.events)
        } catch {
            throw .kafka(topic: place.topic, error)
        }
    }

    consuming func close() { consumer.close() }

    /// The offset after a partition's last record.
    func end(of number: Int32) throws(SnapshotTopicError) -> Int64 {
        do throws(KafkaError) {
            return try consumer.watermarks(
                place.partition(number), timeoutMilliseconds: Self.askMilliseconds
            ).upperBound
        } catch {
            throw .kafka(topic: place.topic, error)
        }
    }

    /// Looks at all records of a partition.
    func survey(_ number: Int32) throws(SnapshotTopicError) -> Survey {
        var survey = Survey()
        var cursor = try begin(number, at: KafkaPartitionOffset.beginning, end: end(of: number))
        survey.end = cursor.end
        while let records = try poll(&cursor) {
            for record in records {
                let key = record.key
                if key.part == .end { survey.manifests.removeAll { $0.snapshot == key.snapshot } }
                survey.offsets[key] = record.value == nil ? nil : record.offset
                guard key.part == .end, let manifest = record.value.flatMap({ SnapshotManifest($0) }) else {
                    continue
                }
                survey.manifests.append((key.snapshot, manifest))
            }
        }
        return survey
    }

    /// Makes a file of the newest snapshot that is whole.
    ///
    /// - Parameters:
    ///   - number: of the partition.
    ///   - store: where the file goes, as if it had been saved here.
    ///   - report: gets every snapshot that is passed over.
    /// - Returns: the file's path; `nil` if there is no whole one.
    /// - Throws: If the broker or the disk fails.
    func fetch(
        _ number: Int32, into store: SnapshotStore, report: (SnapshotTopicError) -> Void
    ) throws(SnapshotTopicError) -> String? {
        let survey = try survey(number)
        for (snapshot, manifest) in survey.manifests.reversed() {
            do throws(SnapshotTopicError) {
                try fetch(number, snapshot, manifest, survey.offsets, into: store)
                return store.files(of: number).first
            } catch {
                guard case .damaged = error else { throw error }
                report(error)
            }
        }
        return nil
    }

    private func fetch(
        _ number: Int32, _ snapshot: String, _ manifest: SnapshotManifest,
        _ offsets: [SnapshotTopicKey: Int64], into store: SnapshotStore
    ) throws(SnapshotTopicError) {
        func key(_ part: SnapshotTopicKey.Part) -> SnapshotTopicKey {
            SnapshotTopicKey(group: place.group, snapshot: snapshot, part: part)
        }
        func fault(_ what: String) -> SnapshotTopicError { .damaged(snapshot: snapshot, what) }
        for chunk in 0..<manifest.chunks where offsets[key(.chunk(chunk))] == nil {
            throw fault("chunk \(chunk) of \(manifest.chunks) is missing")
        }
        guard let first = offsets[key(.chunk(0))], let end = offsets[key(.end)] else {
            throw fault("it has no chunks")
        }
        var file: SnapshotFile
        do throws(SnapshotStoreError) {
            file = try store.begin(partition: number)
        } catch {
            throw .store(error)
        }
        var (next, byteCount, checksum) = (0, 0, CRC32C())
        var cursor = try begin(number, at: first, end: end)
        while let records = try poll(&cursor) {
            for record in records where record.offset == offsets[key(.chunk(next))] {
                let bytes = record.value ?? []
                unsafe bytes.withUnsafeBytes { unsafe checksum.combine($0) }
                byteCount += bytes.count
                next += 1
                do throws(SnapshotStoreError) { try file.write(bytes) } catch { throw .store(error) }
            }
        }
        guard next == manifest.chunks, byteCount == manifest.bytes, checksum.value == manifest.checksum
        else { throw fault("its \(byteCount) bytes in \(next) chunks are not what was sent") }
        do throws(SnapshotStoreError) { try file.commit() } catch { throw .store(error) }
    }

    // MARK: Records

    private struct Record {
        let key: SnapshotTopicKey
        let offset: Int64
        /// `nil` is a tombstone.
        let value: [UInt8]?
    }

    private struct Cursor {
        var next: Int64
        let end: Int64
        var idlePolls = 0
    }

    private func begin(_ number: Int32, at start: Int64, end: Int64) throws(SnapshotTopicError) -> Cursor {
        do throws(KafkaError) {
            try consumer.assign([KafkaPartitionOffset(place.partition(number), offset: start)])
        } catch {
            throw .kafka(topic: place.topic, error)
        }
        return Cursor(next: max(0, start), end: end)
    }

    /// The next records of this group.
    ///
    /// - Returns: `nil` at the end.
    /// - Throws: If the broker fails, or says nothing for long.
    private func poll(_ cursor: inout Cursor) throws(SnapshotTopicError) -> [Record]? {
        if cursor.next >= cursor.end { return nil }
        var (next, records): (Int64, [Record]) = (cursor.next, [])
        let result = consumer.poll(
            limit: Self.recordsPerPoll, timeoutMilliseconds: Self.pollMilliseconds
        ) { (record: borrowing KafkaRecord) in
            next = record.offset + 1
            guard let key = Self.copy(record.key).flatMap({ SnapshotTopicKey($0) }), key.group == place.group,
                record.offset < cursor.end
            else { return }
            records.append(Record(key: key, offset: record.offset, value: Self.copy(record.value)))
        }
        switch result.event {
        case .endOfPartition(let end): next = max(next, end.offset)
        case .failed(let error):
            if error.isFatal { throw .kafka(topic: place.topic, error) }
        default: break
        }
        cursor.idlePolls = next > cursor.next ? 0 : cursor.idlePolls + 1
        if cursor.idlePolls > Self.pollsMax { throw .silent(topic: place.topic) }
        cursor.next = next
        return records
    }

    private static func copy(_ bytes: Span<UInt8>?) -> [UInt8]? {
        guard let bytes else { return nil }
        // Safe: they are copied before their owner can free them.
        return unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
