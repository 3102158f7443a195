internal import Foundation
internal import ShoalCore
internal import ShoalKafka

/// A record of the model's topic, copied.
struct ModelTopicRecord {
    /// Names what a person ordered, where a record under the live model's key is not just learning's next.
    static let directiveHeader = "shoal.directive"

    let key: ModelShelf.Key
    /// `nil` is a tombstone.
    let value: [UInt8]?
    let directive: ModelShelf.Directive?

    /// - Returns: `nil` for a record of another key than a shelf has.
    init?(_ record: borrowing KafkaRecord) {
        guard
            let key = Self.copy(record.key).flatMap({
                ModelShelf.Key(text: String(decoding: $0, as: UTF8.self))
            })
        else { return nil }
        self.key = key
        value = Self.copy(record.value)
        // Headers that cannot be read are nobody's order.
        let headers = (try? record.headers()) ?? []
        directive =
            headers.first { $0.name == Self.directiveHeader }?.value
            .flatMap { ModelShelf.Directive(rawValue: String(decoding: $0, as: UTF8.self)) }
    }

    /// - Throws: `ModelArtifactError` if the model cannot be written.
    init(_ entry: ModelShelf.Entry) throws(ModelArtifactError) {
        key = entry.key
        value = if let model = entry.model { try model.encodedArtifact() } else { nil }
        directive = entry.directive
    }

    init(key: ModelShelf.Key, value: [UInt8]) {
        self.key = key
        self.value = value
        directive = nil
    }

    /// - Parameters:
    ///   - planHash: of the features that are used here; `nil` allows any.
    ///   - names: of these, to say what differs.
    /// - Returns: the model that the record holds.
    /// - Throws: `ModelArtifactError` if the value is no whole model of that plan, or there is none.
    func model(
        planHash: UInt64? = nil, featureNames names: [String] = []
    ) throws(ModelArtifactError) -> SegmentModel {
        guard let value else { throw .unreadable(detail: "the record has no value") }
        return try SegmentModel(artifact: value, planHash: planHash, featureNames: names)
    }

    /// A comparison with a candidate, in the style of other outputs.
    init(_ report: ShadowReport) {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        key = .candidateReport
        // Every number in a report is finite, and nothing else can fail.
        value = (try? encoder.encode(report)).map { Array($0) }
        directive = nil
    }

    /// The comparison that the record tells of; `nil` if it is none.
    var report: ShadowReport? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return value.flatMap { try? decoder.decode(ShadowReport.self, from: Data($0)) }
    }

    /// - Throws: What the producer throws.
    func produce(with producer: borrowing KafkaProducer, to topic: KafkaTopicHandle) throws(KafkaError) {
        let name = Array(key.text.utf8)
        let headers = directive.map { [KafkaHeader(name: Self.directiveHeader, value: $0.rawValue)] } ?? []
        try producer.produce(
            to: topic, partition: 0, key: name.span, value: value?.span, headers: headers)
    }

    private static func copy(_ span: Span<UInt8>?) -> [UInt8]? {
        guard let span else { return nil }
        // Safe: the bytes are copied before the span's owner can free them.
        return unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
