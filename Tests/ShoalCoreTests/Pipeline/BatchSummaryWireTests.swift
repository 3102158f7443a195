import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct BatchSummaryWireTests {
    private func summary(seed: UInt64, count: Int = 20) -> BatchSummary {
        var stream = StreamOfShoppers(centres: [[0, 0, 0], [9, 9, 9]], seed: seed)
        let model = SegmentModel(
            version: 4, generation: 1, planHash: 7, featureNames: ["a", "b", "c"],
            segments: [1, 4].map {
                SegmentModel.Segment(id: $0, name: "s\($0)", share: 0.5, outlierSquaredDistance: 9)
            },
            centroids: [0, 0, 0, 9, 9, 9], masses: [10, 10], scales: [4, 4, 4], means: [4, 4, 4],
            weights: [1, 1, 1], priors: [0, 0, 0], nextSegmentID: 5, trainedAtMilliseconds: 0)
        var summary = stream.summary(count: count, model: model, time: 1_767_000_000_123, sampleMax: 5)
        summary.partition = -1
        summary.priorNumerators = [0, 1.5, 0]
        summary.priorDenominators = [0, 2.5, 0]
        summary.rejectedRecords = 3
        summary.latenessMilliseconds = 77
        summary.segmentMoves = 2
        summary.inflowCounts = [4, 0, 9]
        summary.inflowMeans = [0.5, 0, -3]
        summary.inflowSquaredDeviations = [1, 0, 7]
        summary.inflowSample = [1, -2, 0.5, 3, 0, 4]
        summary.eventTypes = [.init(name: "purchase", count: 12), .init(name: "größe", count: 8)]
        return summary
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `a summary survives the wire, bit for bit`(seed: UInt64) throws {
        let summary = summary(seed: seed)
        #expect(try BatchSummary(encoded: summary.encoded()) == summary, "seed \(seed)")
    }

    @Test func `a summary from before the first model survives too`() throws {
        var stream = StreamOfShoppers(centres: [[0, 0]], seed: 1)
        let summary = stream.summary(count: 70, model: nil, time: 5)
        #expect(try BatchSummary(encoded: summary.encoded()) == summary)
    }

    @Test func `every damaged byte and every missing end is refused`() {
        let bytes = summary(seed: 1).encoded()
        for index in bytes.indices {
            for bit in 0..<8 as Range<UInt8> {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                #expect(throws: SummaryWireError.self) { try BatchSummary(encoded: damaged) }
            }
            #expect(throws: SummaryWireError.self) { try BatchSummary(encoded: Array(bytes.prefix(index))) }
        }
        #expect(throws: SummaryWireError.wrongChecksum) { try BatchSummary(encoded: bytes + [0]) }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `garbage is refused and never trusted with a size`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let garbage = (0..<generator.nextIndex(below: 400)).map { _ in
            UInt8(truncatingIfNeeded: generator.next())
        }
        #expect(throws: SummaryWireError.self) { try BatchSummary(encoded: garbage) }
        // A right beginning, so that the counts are read: they are garbage too.
        let begun = Array("SHBS".utf8) + [3, 0, 0, 0] + garbage + [UInt8](repeating: 0, count: 80)
        #expect(throws: SummaryWireError.self) { try BatchSummary(encoded: begun) }
    }

    /// Forgeries with a right checksum: what is in them is impossible all the same.
    static let forgeries: [@Sendable (inout BatchSummary) -> Void] = [
        { $0.count = 19 }, { $0.means[1] = 1e90 }, { $0.squaredDeviations[0] = 0.0.nextDown },
        { $0.segmentCounts[0] = -1 }, { $0.segmentCounts = [.max, .max] }, { $0.sample[2] = .nan },
        { $0.segmentSums[0] = .infinity }, { $0.acceptedEvents = -1 }, { $0.modelVersion = -1 },
        { $0.eventTypes[1].count = -1 }, { $0.segmentMoves = -1 }, { $0.inflowCounts[0] = -1 },
        { $0.inflowMeans[2] = .nan }, { $0.inflowSquaredDeviations[1] = -1 },
        { $0.inflowSample[3] = .infinity },
    ]

    @Test(arguments: forgeries.indices)
    func `impossible numbers are refused behind a right checksum`(index: Int) {
        let whole = summary(seed: 1)
        var forged = whole
        Self.forgeries[index](&forged)
        // The forger changes the fields of a whole message in place, and signs it again.
        let bytes = Self.splice(whole, forged)
        #expect(throws: SummaryWireError.invalid) { try BatchSummary(encoded: bytes) }
    }

    /// Lays out `forged` as `encoded` would if it did not refuse it.
    private static func splice(_ whole: BatchSummary, _ forged: BatchSummary) -> [UInt8] {
        var writer = WireWriter()
        writer.append(Array(whole.encoded().prefix(36)))
        for value in [
            forged.modelVersion, Int(forged.streamTimeMilliseconds), forged.count, forged.acceptedEvents,
        ] {
            writer.append(Int64(value))
        }
        writer.append(Int64(forged.rejectedRecords))
        writer.append(forged.latenessMilliseconds)
        writer.append(Int64(forged.segmentMoves))
        for value in forged.segmentIDs + forged.segmentCounts + forged.inflowCounts {
            writer.append(Int64(value))
        }
        let doubles = [
            forged.segmentSums, forged.segmentSquaredDistances, forged.means, forged.squaredDeviations,
            forged.priorNumerators, forged.priorDenominators, forged.inflowMeans,
            forged.inflowSquaredDeviations,
        ]
        for value in doubles.joined() { writer.append(value.bitPattern) }
        for value in forged.sample + forged.inflowSample { writer.append(value.bitPattern) }
        for type in forged.eventTypes {
            writer.append(Int64(type.count))
            writer.append([UInt8(type.name.utf8.count)] + Array(type.name.utf8))
        }
        writer.append(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    @Test func `the forger's layout is the real one`() {
        let whole = summary(seed: 1)
        #expect(Self.splice(whole, whole) == whole.encoded())
    }
}
