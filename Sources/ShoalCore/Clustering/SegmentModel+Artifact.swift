internal import FoundationEssentials

extension SegmentModel {
    package static let artifactFormat = "shoal.segment-model/1"

    /// Features, segments and identities beyond which a model is taken for a damaged one.
    package static let artifactCountMax = 100_000

    /// Writes the model as one JSON file, checksummed; equal models give equal bytes.
    ///
    /// - Throws: `ModelArtifactError.invalid` if a number is not finite or an array has the wrong shape.
    package func encodedArtifact() throws(ModelArtifactError) -> [UInt8] {
        let d = featureCount
        guard centroids.count == segmentCount * d, masses.count == segmentCount,
            [scales, means, weights, priors].allSatisfy({ $0.count == d }),
            definitions.isEmpty || definitions.count == d
        else { throw .invalid(detail: "its arrays do not fit \(segmentCount) segments of \(d) features") }
        let payload = ModelArtifact.Payload(
            version: version, generation: generation, planHash: Self.hexadecimal(planHash),
            trainedAtMilliseconds: trainedAtMilliseconds, nextSegmentID: nextSegmentID,
            features: featureNames.indices.map { axis in
                // Adding 0 makes −0, which equals 0 but is written otherwise, a plain 0.
                ModelArtifact.Feature(
                    name: featureNames[axis], mean: means[axis] + 0, scale: scales[axis] + 0,
                    weight: weights[axis] + 0, prior: priors[axis] + 0,
                    definition: definitions.isEmpty ? nil : DefinitionArtifact(definitions[axis]))
            },
            segments: segments.indices.map { index in
                let segment = segments[index]
                return ModelArtifact.Segment(
                    id: segment.id, name: segment.name, isRenamed: segment.isRenamed,
                    share: segment.share + 0, mass: masses[index] + 0,
                    outlierSquaredDistance: segment.outlierSquaredDistance + 0,
                    centroid: centroids[index * d..<(index + 1) * d].map { $0 + 0 })
            },
            origin: origin == 0 ? nil : Self.hexadecimal(origin), settings: settings.isEmpty ? nil : settings,
            lineage: lineage.isEmpty ? nil : lineage)
        let artifact = ModelArtifact(
            format: Self.artifactFormat, checksum: try Self.checksum(of: payload), model: payload)
        return try Self.encoded(artifact, isPretty: true) + [UInt8(ascii: "\n")]
    }

    /// Reads a model that `encodedArtifact` wrote; white space and the order of keys do not matter.
    ///
    /// - Parameters:
    ///   - bytes: The file's bytes.
    ///   - expected: Hash of the plan that it must have been trained on; `nil` accepts any.
    ///   - expectedNames: The plan's features, to say what differs.
    /// - Throws: `ModelArtifactError` for anything that is not a whole, possible model of that plan.
    package init(
        artifact bytes: [UInt8], planHash expected: UInt64?, featureNames expectedNames: [String] = []
    ) throws(ModelArtifactError) {
        let header: ModelArtifact.Header = try Self.decoded(bytes)
        guard header.format == Self.artifactFormat else { throw .unknownFormat(header.format) }
        let artifact: ModelArtifact = try Self.decoded(bytes)
        let computed = try Self.checksum(of: artifact.model)
        guard computed == artifact.checksum else {
            throw .wrongChecksum(written: artifact.checksum, computed: computed)
        }
        try self.init(payload: artifact.model)
        if let expected, expected != planHash {
            throw .otherPlan(
                model: planHash, expected: expected,
                difference: Self.difference(of: featureNames, from: expectedNames))
        }
    }

    private init(payload: ModelArtifact.Payload) throws(ModelArtifactError) {
        guard payload.planHash.utf8.count == 16, let planHash = UInt64(payload.planHash, radix: 16) else {
            throw .invalid(detail: "plan_hash is not 16 hexadecimal digits")
        }
        if let detail = Self.fault(in: payload) { throw .invalid(detail: detail) }
        self.init(
            version: payload.version, generation: payload.generation, planHash: planHash,
            featureNames: payload.features.map(\.name),
            segments: payload.segments.map { segment in
                var read = Segment(
                    id: segment.id, name: segment.name, share: segment.share,
                    outlierSquaredDistance: segment.outlierSquaredDistance)
                read.isRenamed = segment.isRenamed
                return read
            },
            centroids: payload.segments.flatMap(\.centroid), masses: payload.segments.map(\.mass),
            scales: payload.features.map(\.scale), means: payload.features.map(\.mean),
            weights: payload.features.map(\.weight), priors: payload.features.map(\.prior),
            nextSegmentID: payload.nextSegmentID, trainedAtMilliseconds: payload.trainedAtMilliseconds)
        let known = payload.features.compactMap { feature in
            feature.definition?.definition(name: feature.name, weight: feature.weight)
        }
        definitions = known.count == payload.features.count ? known : []
        settings = payload.settings ?? [:]
        lineage = payload.lineage ?? []
        origin = payload.origin.flatMap { UInt64($0, radix: 16) } ?? 0
    }

    /// What makes a payload no possible model; `nil` if nothing does.
    private static func fault(in payload: ModelArtifact.Payload) -> String? {
        let d = payload.features.count
        guard (1...artifactCountMax).contains(d) else { return "it has \(d) features" }
        let k = payload.segments.count
        guard (1...artifactCountMax).contains(k) else { return "it has \(k) segments" }
        guard payload.version >= 1, payload.generation >= 1 else {
            return "version \(payload.version) of generation \(payload.generation): both count from 1"
        }
        guard (1...artifactCountMax).contains(payload.nextSegmentID) else {
            return "next_segment_id \(payload.nextSegmentID) is out of range"
        }
        for feature in payload.features {
            let numbers = [feature.mean, feature.scale, feature.weight, feature.prior]
            guard numbers.allSatisfy(\.isFinite), feature.scale >= 0, feature.weight >= 0 else {
                return "feature '\(feature.name)' has an impossible number"
            }
        }
        var ids: Set<Int> = []
        for segment in payload.segments {
            guard ids.insert(segment.id).inserted, segment.id >= 1, segment.id < payload.nextSegmentID else {
                return "segment id \(segment.id) occurs twice or is out of range"
            }
            guard segment.centroid.count == d else {
                return "segment \(segment.id) has \(segment.centroid.count) coordinates for \(d) features"
            }
            let numbers = [segment.share, segment.mass, segment.outlierSquaredDistance]
            guard segment.centroid.allSatisfy(\.isFinite), numbers.allSatisfy({ $0.isFinite && $0 >= 0 })
            else {
                return "segment \(segment.id) has an impossible number"
            }
        }
        return nil
    }

    private static func difference(of names: [String], from expected: [String]) -> String {
        let gone = names.filter { !expected.contains($0) }
        let added = expected.filter { !names.contains($0) }
        var parts: [String] = []
        if !gone.isEmpty { parts.append("only the model has \(gone.joined(separator: ", "))") }
        if !added.isEmpty { parts.append("only the configuration has \(added.joined(separator: ", "))") }
        if parts.isEmpty {
            parts.append(
                names == expected
                    ? "the names are the same, a definition is not" : "the features are in another order")
        }
        return parts.joined(separator: "; ")
    }

    /// A plan hash as artefacts and messages write it.
    package static func hexadecimal(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private static func checksum(of payload: ModelArtifact.Payload) throws(ModelArtifactError) -> String {
        let digits = String(CRC32C.checksum(try encoded(payload, isPretty: false)), radix: 16)
        return "crc32c:" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    private static func encoded(
        _ value: some Encodable, isPretty: Bool
    ) throws(ModelArtifactError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return [UInt8](try encoder.encode(value))
        } catch {
            throw .invalid(detail: "it holds a number that is not finite")
        }
    }

    private static func decoded<Value: Decodable>(_ bytes: [UInt8]) throws(ModelArtifactError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .unreadable(detail: "'\(key.stringValue)' is missing")
        } catch DecodingError.typeMismatch(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .unreadable(detail: "'\(path)' has another type")
        } catch {
            throw .unreadable(detail: "the JSON is broken")
        }
    }
}
