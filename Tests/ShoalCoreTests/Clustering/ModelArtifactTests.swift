import ShoalCore
import ShoalTestSupport
import Testing

@Suite struct ModelArtifactTests {
    private func model(seed: UInt64 = 1) -> SegmentModel {
        var generator = SeededGenerator(seed: seed)
        func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in generator.nextUnit() * 1e3 } }
        var model = SegmentModel(
            version: 412, generation: 3, planHash: generator.next(), featureNames: ["spend", "recency"],
            segments: [
                SegmentModel.Segment(
                    id: 2, name: "big spenders · in store", share: 0.7, outlierSquaredDistance: 11.5),
                SegmentModel.Segment(
                    id: 5, name: "\"quoted\" / café", share: 0.3, outlierSquaredDistance: 1e-300),
            ],
            centroids: numbers(4), masses: numbers(2), scales: numbers(2), means: numbers(2),
            weights: [1, 0],
            priors: [0, 0.25], nextSegmentID: 9, trainedAtMilliseconds: 1_767_000_000_123)
        model.segments[1].isRenamed = true
        return model
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `a model survives the way through its file, bit for bit`(seed: UInt64) throws {
        let model = model(seed: seed)
        let bytes = try model.encodedArtifact()
        let read = try SegmentModel(artifact: bytes, planHash: model.planHash)
        #expect(read == model, "seed \(seed)")
        #expect(try read.encodedArtifact() == bytes, "seed \(seed)")
    }

    @Test func `equal models give equal bytes`() throws {
        var left = model()
        var right = left
        left.centroids[0] = 0
        right.centroids[0] = -0.0
        #expect(left == right)
        #expect(try left.encodedArtifact() == right.encodedArtifact())
    }

    @Test func `the file can be read by people`() throws {
        let text = String(decoding: try model().encodedArtifact(), as: UTF8.self)
        #expect(text.contains("\"format\" : \"shoal.segment-model/1\""))
        #expect(text.contains("\"name\" : \"big spenders · in store\""))
        #expect(text.contains("\"plan_hash\" : \"\(SegmentModel.hexadecimal(model().planHash))\""))
        #expect(text.split(separator: "\n").count > 40)
        #expect(SegmentModel.hexadecimal(0xA1) == "00000000000000a1")
    }

    @Test func `a damaged byte is refused, or means nothing`() throws {
        let model = model()
        let bytes = try model.encodedArtifact()
        for index in bytes.indices {
            for bit in [0x01, 0x20, 0x80] as [UInt8] {
                var damaged = bytes
                damaged[index] ^= bit
                guard let read = try? SegmentModel(artifact: damaged, planHash: model.planHash) else {
                    continue
                }
                #expect(read == model, "byte \(index)")
            }
        }
    }

    @Test func `a file cut short is refused`() throws {
        let bytes = try model().encodedArtifact()
        // The last byte is a line feed after the JSON.
        for count in 0..<bytes.count - 1 {
            #expect(throws: ModelArtifactError.self) {
                try SegmentModel(artifact: Array(bytes.prefix(count)), planHash: nil)
            }
        }
    }

    @Test func `another format, another content and another plan are told apart`() throws {
        let model = model()
        let text = String(decoding: try model.encodedArtifact(), as: UTF8.self)
        func error(_ text: String, planHash: UInt64? = nil, names: [String] = []) -> ModelArtifactError? {
            do {
                _ = try SegmentModel(artifact: Array(text.utf8), planHash: planHash, featureNames: names)
                return nil
            } catch {
                return error
            }
        }
        #expect(error(text) == nil)
        #expect(
            error(text.replacing("segment-model/1", with: "segment-model/2"))
                == .unknownFormat("shoal.segment-model/2"))
        guard case .wrongChecksum = error(text.replacing("big", with: "pig")) else {
            Issue.record("A changed name is another content.")
            return
        }
        guard case .unreadable = error("[]") else {
            Issue.record("An array is no model.")
            return
        }
        let other = try #require(error(text, planHash: 1, names: ["spend", "gap"]))
        #expect(other.description.contains("only the model has recency; only the configuration has gap"))
        #expect(other.description.contains("0000000000000001"))
        let same = try #require(error(text, planHash: 1, names: ["spend", "recency"]))
        #expect(same.description.contains("a definition is not"))
    }

    /// Ways to make a model impossible, each with a part of what the refusal says.
    static let faults: [(String, @Sendable (inout SegmentModel) -> Void)] = [
        ("occurs twice", { $0.segments[1].id = 2 }),
        ("out of range", { $0.nextSegmentID = 4 }),
        ("impossible number", { $0.scales[0] = -1 }),
        ("impossible number", { $0.masses[1] = -1 }),
        ("count from 1", { $0.version = 0 }),
        ("not finite", { $0.centroids[3] = .nan }),
        ("not finite", { $0.means[0] = .infinity }),
        ("do not fit", { $0.centroids.removeLast() }),
        ("do not fit", { $0.priors.append(1) }),
    ]

    @Test(arguments: faults.indices)
    func `an impossible model is never written and read back`(index: Int) {
        let (message, damage) = Self.faults[index]
        var model = model()
        damage(&model)
        do {
            _ = try SegmentModel(artifact: try model.encodedArtifact(), planHash: nil)
            Issue.record("It was accepted: \(message)")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    @Test func `the checksum is that of the standard's examples`() {
        // RFC 3720, appendix B.4.
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(Array(0..<32 as Range<UInt8>)) == 0x46DD_794E)
    }
}
