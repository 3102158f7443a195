import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// A record as a reader of `segment-changes` or `customer-segments` sees it, checked as it is read.
struct SegmentChangeRecord {
    struct Reason: Equatable {
        let feature: String
        let value: Double
        let typical: Double
        let wasTypical: Double
        let contribution: Double
    }

    let json: OrderedJSON
    let customer: String
    let firstSeen: Int64
    let revision: Int
    let from: String?
    let to: String?
    let at: String
    let cause: String

    /// Reads and checks a record: its keys are those of the schema's example, in that order, and its parts
    /// agree with each other.
    init(_ text: String, key: String, stream: OutputBuffer.Stream) throws {
        json = try OrderedJSON(parsing: text)
        // Foundation reads it too.
        _ = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        customer = try #require(json["customer_id"]?.text)
        firstSeen = Int64(try #require(json["first_seen"]?.number))
        revision = Int(try #require(json["revision"]?.number))
        from = json["from"]?["id"]?.text
        to = json["to"]?["id"]?.text
        at = try #require(json["at"]?.text)
        cause = try #require(json["cause"]?.text)
        let isErased = json["to"]?.isNull == true
        var keys = ["schema", "change_id", "customer_id", "first_seen", "revision"]
        if stream == .changes { keys.append("from") }
        keys += ["to", "at", "cause"]
        if cause == "event" { keys.append("event") }
        if !isErased { keys += ["confidence", "distance", "outlier", "model"] }
        if !isErased, stream == .changes { keys.append("reasons") }
        #expect(json.keys == keys, "\(text)")
        #expect(json["schema"]?.text == "shoal.segment-change/1")
        #expect(json["change_id"]?.text == "\(customer)#\(firstSeen)#\(revision)")
        #expect(key == customer)
        #expect(
            Array(at.utf8).map { (0x30...0x39).contains($0) ? "9" : Character(Unicode.Scalar($0)) }
                == Array("9999-99-99T99:99:99.999Z"))
        for side in ["from", "to"] {
            if let segment = json[side], !segment.isNull { #expect(segment.keys == ["id", "name"]) }
        }
        if let event = json["event"] { #expect(event.keys == ["type", "topic", "partition", "offset"]) }
        if let model = json["model"] { #expect(model.keys == ["version", "generation"]) }
        for reason in json["reasons"]?.elements ?? [] {
            #expect(reason.keys == ["feature", "value", "typical", "was_typical", "contribution"])
        }
    }

    func reasons() throws -> [Reason] {
        try (json["reasons"]?.elements ?? []).map { reason in
            Reason(
                feature: try #require(reason["feature"]?.text),
                value: try #require(reason["value"]?.number),
                typical: try #require(reason["typical"]?.number),
                wasTypical: try #require(reason["was_typical"]?.number),
                contribution: try #require(reason["contribution"]?.number))
        }
    }
}

extension ShardHarness {
    /// The changes written so far, read and checked.
    func changes() throws -> [SegmentChangeRecord] {
        try records(.changes).map { record in
            try SegmentChangeRecord(
                try #require(record.value, "a change is never a tombstone"), key: record.key, stream: .changes
            )
        }
    }

    /// What the compacted topic was told so far, `nil` for a tombstone.
    func currentSegments() throws -> [(key: String, record: SegmentChangeRecord?)] {
        try records(.currentSegments).map { record in
            (
                record.key,
                try record.value.map {
                    try SegmentChangeRecord($0, key: record.key, stream: .currentSegments)
                }
            )
        }
    }
}
