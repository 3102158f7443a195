/// The JSON that a model is written as: one object per feature and per segment, so that a diff reads well.
struct ModelArtifact: Codable {
    var format: String
    /// `crc32c:` and eight hexadecimal digits, over `model` as compact JSON with sorted keys.
    var checksum: String
    var model: Payload

    struct Payload: Codable {
        var version: Int
        var generation: Int
        /// Sixteen hexadecimal digits; as a number it would not survive readers that use doubles.
        var planHash: String
        var trainedAtMilliseconds: Int64
        var nextSegmentID: Int
        var features: [Feature]
        var segments: [Segment]
        /// Sixteen hexadecimal digits.
        var origin: String?
        /// By the names of a configuration.
        var settings: [String: String]?
        /// Oldest first.
        var lineage: [SegmentLineage]?

        enum CodingKeys: String, CodingKey {
            case version, generation, features, segments, origin, settings, lineage
            case planHash = "plan_hash"
            case trainedAtMilliseconds = "trained_at_milliseconds"
            case nextSegmentID = "next_segment_id"
        }
    }

    struct Feature: Codable {
        var name: String
        var mean: Double
        var scale: Double
        var weight: Double
        var prior: Double
        var definition: DefinitionArtifact?
    }

    struct Segment: Codable {
        var id: Int
        var name: String
        var isRenamed: Bool
        var share: Double
        var mass: Double
        var outlierSquaredDistance: Double
        /// `[d]`, in the order of the features.
        var centroid: [Double]

        enum CodingKeys: String, CodingKey {
            case id, name, share, mass, centroid
            case isRenamed = "is_renamed"
            case outlierSquaredDistance = "outlier_squared_distance"
        }
    }

    /// Only the format, read first: the rest may look otherwise in another version.
    struct Header: Decodable { var format: String }
}
