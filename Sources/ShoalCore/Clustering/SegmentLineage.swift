/// One chapter in the life of a segment: how it came or where it went.
package struct SegmentLineage: Equatable, Sendable, Codable {
    package enum Kind: String, Sendable, Codable {
        case born
        case retired
        case mergedInto = "merged_into"
        case splitFrom = "split_from"
    }

    package var kind: Kind
    /// Identity of the segment.
    package var segment: Int
    /// Identity of the segment it went into or came out of; `nil` otherwise.
    package var other: Int?
    /// The generation of the model that it belongs to.
    package var generation: Int
    /// Stream time, epoch milliseconds.
    package var atMilliseconds: Int64

    package init(kind: Kind, segment: Int, other: Int? = nil, generation: Int, atMilliseconds: Int64) {
        self.kind = kind
        self.segment = segment
        self.other = other
        self.generation = generation
        self.atMilliseconds = atMilliseconds
    }

    enum CodingKeys: String, CodingKey {
        case kind, segment, other, generation
        case atMilliseconds = "at_milliseconds"
    }
}
