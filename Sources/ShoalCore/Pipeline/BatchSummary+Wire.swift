/// Batch summaries as bytes, to send them from lanes to the trainer.
///
/// Little-endian, in this order: magic `SHBS`, version `UInt16`, two zero bytes, k, d, sampled vectors and
/// sampled events as `UInt32`, partition as `Int32`, plan hash, model version, stream time, count, accepted
/// events, rejected records, lateness and moves as 64 bits each; then identities and counts of the segments
/// as `Int64` `[k]`, counts of the inflow as `Int64` `[d]`, the arrays of doubles in the order of their
/// declaration, the two samples as `Float`, the event types (count as `Int64`, bytes of the name as
/// `UInt8`, the name), and a CRC-32C of all before it.
extension BatchSummary {
    package static let wireVersion: UInt16 = 3
    /// Bounds on what a decoder believes; far above any real plan or batch.
    package static let wireCountMax = 65_536

    private static let magic = Array("SHBS".utf8)
    private static let headerBytes = 92
    private static let checksumBytes = 4

    /// Writes the summary as bytes.
    ///
    /// - Precondition: The summary is well formed for its own number of features.
    package func encoded() -> [UInt8] {
        let k = segmentIDs.count
        let d = means.count
        precondition(isWellFormed(featureCount: d), "A lane sends what a trainer accepts.")
        let sampleCount = sample.count / d
        let inflowCount = inflowSample.count / d
        precondition(
            k <= Self.wireCountMax && d <= Self.wireCountMax && sampleCount <= Self.wireCountMax
                && inflowCount <= Self.wireCountMax,
            "A summary keeps to what a decoder believes.")
        var writer = WireWriter()
        writer.reserve(Self.wireBytes(k: k, d: d, sampled: sampleCount + inflowCount) ?? 0)
        writer.append(Self.magic)
        writer.append(Self.wireVersion)
        writer.append(UInt16(0))
        writer.append(UInt32(k))
        writer.append(UInt32(d))
        writer.append(UInt32(sampleCount))
        writer.append(UInt32(inflowCount))
        writer.append(partition)
        writer.append(planHash)
        for value in [
            Int64(modelVersion), streamTimeMilliseconds, Int64(count), Int64(acceptedEvents),
            Int64(rejectedRecords), latenessMilliseconds, Int64(segmentMoves),
        ] {
            writer.append(value)
        }
        for id in segmentIDs { writer.append(Int64(id)) }
        for count in segmentCounts + inflowCounts { writer.append(Int64(count)) }
        for values in [
            segmentSums, segmentSquaredDistances, means, squaredDeviations, priorNumerators,
            priorDenominators, inflowMeans, inflowSquaredDeviations,
        ] {
            for value in values { writer.append(value.bitPattern) }
        }
        for value in sample + inflowSample { writer.append(value.bitPattern) }
        for type in eventTypes {
            let name = Array(type.name.utf8.prefix(Int(UInt8.max)))
            writer.append(Int64(type.count))
            writer.append([UInt8(name.count)] + name)
        }
        writer.append(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    /// Reads a summary; whatever the bytes are, it throws or gives a well-formed one.
    ///
    /// - Throws: `SummaryWireError` with the first thing that is wrong.
    package init(encoded bytes: [UInt8]) throws(SummaryWireError) {
        guard bytes.count >= Self.headerBytes + Self.checksumBytes else {
            throw .tooShort(bytes: bytes.count)
        }
        guard bytes.starts(with: Self.magic) else { throw .notASummary }
        var reader = WireReader(bytes: bytes, position: Self.magic.count)
        let version: UInt16 = reader.next()
        guard version == Self.wireVersion else { throw .unknownVersion(version) }
        let padding: UInt16 = reader.next()
        guard padding == 0 else { throw .unknownVersion(version) }
        let k = Int(reader.next() as UInt32)
        let d = Int(reader.next() as UInt32)
        let sampleCount = Int(reader.next() as UInt32)
        let inflowCount = Int(reader.next() as UInt32)
        let typesEnd = bytes.count - Self.checksumBytes
        guard let size = Self.wireBytes(k: k, d: d, sampled: sampleCount + inflowCount), size <= bytes.count
        else {
            throw .wrongSize(bytes: bytes.count)
        }
        var trailer = WireReader(bytes: bytes, position: bytes.count - Self.checksumBytes)
        guard trailer.next() == CRC32C.checksum(bytes.dropLast(Self.checksumBytes)) else {
            throw .wrongChecksum
        }
        let partition: Int32 = reader.next()
        self.init(planHash: reader.next(), partition: partition, featureCount: 0, model: nil)
        modelVersion = reader.nextCount()
        streamTimeMilliseconds = reader.next()
        count = reader.nextCount()
        acceptedEvents = reader.nextCount()
        rejectedRecords = reader.nextCount()
        latenessMilliseconds = reader.next()
        segmentMoves = reader.nextCount()
        segmentIDs = (0..<k).map { _ in reader.nextCount() }
        segmentCounts = (0..<k).map { _ in reader.nextCount() }
        inflowCounts = (0..<d).map { _ in reader.nextCount() }
        segmentSums = reader.nextDoubles(k * d)
        segmentSquaredDistances = reader.nextDoubles(k)
        means = reader.nextDoubles(d)
        squaredDeviations = reader.nextDoubles(d)
        priorNumerators = reader.nextDoubles(d)
        priorDenominators = reader.nextDoubles(d)
        inflowMeans = reader.nextDoubles(d)
        inflowSquaredDeviations = reader.nextDoubles(d)
        sample = (0..<sampleCount * d).map { _ in Float(bitPattern: reader.next()) }
        inflowSample = (0..<inflowCount * d).map { _ in Float(bitPattern: reader.next()) }
        while reader.position < typesEnd {
            guard let type = reader.nextEventType(before: typesEnd) else { throw .invalid }
            eventTypes.append(type)
        }
        guard isWellFormed(featureCount: d), modelVersion >= 0, sample.allSatisfy(\.isFinite),
            !inflowSample.contains(where: \.isInfinite)
        else {
            throw .invalid
        }
    }

    /// How long a summary of these counts is; `nil` beyond the limits, so that nothing overflows.
    private static func wireBytes(k: Int, d: Int, sampled: Int) -> Int? {
        guard k <= wireCountMax, d <= wireCountMax, sampled <= 2 * wireCountMax else { return nil }
        let longs = 2 * k + k * d + k + 7 * d
        return headerBytes + 8 * longs + 4 * sampled * d + checksumBytes
    }
}
