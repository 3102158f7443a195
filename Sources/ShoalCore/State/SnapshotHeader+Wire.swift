/// The header as bytes.
extension SnapshotHeader {
    private static let magic = Array("SHSN".utf8)
    /// Magic, format, zeros and length: what must be read to know how much to read.
    static let prologueBytes = 12
    /// Far above any real header, so that a damaged length costs no memory.
    private static let bytesMax = 64 << 20
    private static let checksumBytes = 4

    func encoded() -> [UInt8] {
        var body = WireWriter()
        encodePlace(to: &body)
        for value in [
            Int64(rowCount), Int64(customerCount), streamTimeMilliseconds, goneFirstSeenMilliseconds,
            cursors.sweptMilliseconds,
            Int64(cursors.sweepRow), cursors.sweepDebt, Int64(cursors.evictionRow), Int64(cursors.rowsDue),
            Int64(cursors.reassignedRow), Int64(modelVersion), Int64(modelGeneration),
        ] {
            body.append(value)
        }
        for path in ShardCounters.fields { body.append(Int64(counters[keyPath: path])) }
        body.append(UInt32(priors.count))
        for prior in priors { body.append(prior.bitPattern) }
        body.append(UInt32(segments.count))
        for segment in segments {
            body.append(text: segment.name)
            body.append(Int64(segment.entered))
            body.append(Int64(segment.left))
        }
        encodePlan(to: &body)
        var writer = WireWriter()
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt16(0))
        writer.append(UInt32(Self.prologueBytes + body.bytes.count + Self.checksumBytes))
        writer.append(body.bytes)
        writer.append(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    private func encodePlace(to body: inout WireWriter) {
        body.append(text: Array(place.cluster.utf8))
        body.append(text: Array(place.group.utf8))
        body.append(place.partition)
        body.append(UInt32(place.inputs.count))
        for input in place.inputs {
            body.append(text: Array(input.topic.utf8))
            body.append(input.offset)
        }
        body.append(place.changesOffset)
    }

    private func encodePlan(to body: inout WireWriter) {
        body.append(plan.hash)
        for count in [
            plan.layout.accumulatorCount, plan.layout.timeCount, plan.layout.sketchCount,
            plan.layout.lastChange != 0 ? 1 : 0, plan.features.count,
        ] {
            body.append(UInt32(count))
        }
        for feature in plan.features {
            body.append(text: Array(feature.name.utf8))
            body.append(feature.definitionHash)
            for slots in [feature.accumulators, feature.times, feature.sketches] {
                body.append(UInt32(slots.count))
                for slot in slots { body.append(slot) }
            }
        }
    }

    /// Reads the header from the beginning of a snapshot.
    ///
    /// - Throws: `SnapshotError` for anything that is not a whole header of a format that is known.
    init(from feed: inout SnapshotFeed) throws(SnapshotError) {
        let prologue = try feed.take(Self.prologueBytes)
        guard prologue.starts(with: Self.magic) else { throw .notASnapshot }
        var reader = WireReader(bytes: prologue, position: Self.magic.count)
        let version: UInt16 = reader.next()
        let zeros: UInt16 = reader.next()
        guard (1...Self.version).contains(version) else { throw .unknownVersion(version) }
        let byteCount = Int(reader.next() as UInt32)
        guard zeros == 0,
            (Self.prologueBytes + Self.checksumBytes...Self.bytesMax).contains(byteCount)
        else { throw .damaged("its header is") }
        let rest = try feed.take(byteCount - Self.prologueBytes)
        let body = rest.dropLast(Self.checksumBytes)
        var trailer = WireReader(bytes: rest, position: body.count)
        guard trailer.next() == CRC32C.checksum(prologue + body) else { throw .damaged("its header is") }
        var fields = SnapshotFields(Array(body))
        try self.init(&fields, format: version)
        guard fields.isAtEnd else { throw .impossible("a header with something left over") }
    }

    private init(_ fields: inout SnapshotFields, format: UInt16) throws(SnapshotError) {
        self.format = format
        place = Place(
            cluster: try fields.text(), group: try fields.text(), partition: try fields.next(), inputs: [],
            changesOffset: -1)
        for _ in 0..<(try fields.count(bytesEach: 12)) {
            place.inputs.append(Input(topic: try fields.text(), offset: try fields.next()))
        }
        place.changesOffset = try fields.next()
        rowCount = try fields.natural()
        customerCount = try fields.natural()
        streamTimeMilliseconds = try fields.next()
        if format > 2 { goneFirstSeenMilliseconds = try fields.next() }
        cursors = Cursors(
            sweptMilliseconds: try fields.next(), sweepRow: try fields.natural(),
            sweepDebt: try fields.next(), evictionRow: try fields.natural(), rowsDue: try fields.natural(),
            reassignedRow: Int(try fields.next() as Int64))
        modelVersion = try fields.natural()
        modelGeneration = try fields.natural()
        counters = ShardCounters()
        for path in ShardCounters.fields { counters[keyPath: path] = try fields.natural() }
        priors = []
        for _ in 0..<(try fields.count(bytesEach: 8)) { priors.append(Double(bitPattern: try fields.next())) }
        segments = []
        for _ in 0..<(try fields.count(bytesEach: 20)) {
            segments.append(
                Segment(name: try fields.bytes(), entered: try fields.natural(), left: try fields.natural()))
        }
        plan = try Self.plan(&fields)
        guard isPossible else { throw .impossible("a header with impossible values") }
    }

    private static func plan(_ fields: inout SnapshotFields) throws(SnapshotError) -> SnapshotPlan {
        let hash: UInt64 = try fields.next()
        let counts = [try fields.small(), try fields.small(), try fields.small()]
        let keepsLastChange = try fields.small() != 0
        let layout = ProfileLayout(
            timeCount: counts[1], sketchCount: counts[2], accumulatorCount: counts[0],
            keepsLastChange: keepsLastChange)
        var features: [SnapshotPlan.Feature] = []
        for _ in 0..<(try fields.count(bytesEach: 24)) {
            let name = try fields.text()
            let definitionHash: UInt64 = try fields.next()
            features.append(
                SnapshotPlan.Feature(
                    name: name, definitionHash: definitionHash,
                    accumulators: try fields.slots(below: counts[0]),
                    times: try fields.slots(below: counts[1]), sketches: try fields.slots(below: counts[2])))
        }
        return SnapshotPlan(hash: hash, features: features, layout: layout)
    }

    private var isPossible: Bool {
        let times = EventLimits.earliestMilliseconds..<EventLimits.endMilliseconds
        return arePlacesPossible && segments.count <= SegmentModel.artifactCountMax + 1
            && (streamTimeMilliseconds == .min || times.contains(streamTimeMilliseconds))
            && (goneFirstSeenMilliseconds == .min || times.contains(goneFirstSeenMilliseconds))
            && (cursors.sweptMilliseconds == .max || cursors.sweptMilliseconds <= streamTimeMilliseconds)
            && priors.allSatisfy(\.isFinite)
    }

    private var arePlacesPossible: Bool {
        customerCount <= rowCount && rowCount < Int(UInt32.max) && cursors.sweepRow <= rowCount
            && cursors.evictionRow <= rowCount && cursors.sweepDebt >= 0 && cursors.rowsDue <= rowCount
            && (-1...rowCount).contains(cursors.reassignedRow) && place.partition >= 0
    }
}

extension WireWriter {
    fileprivate mutating func append(text: [UInt8]) {
        append(UInt32(text.count))
        append(text)
    }
}
