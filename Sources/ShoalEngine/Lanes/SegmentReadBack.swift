internal import FoundationEssentials
internal import ShoalCore

/// What `customer-segments` says of one partition's customers, the last word per customer.
struct SegmentReadBack {
    private struct Line: Decodable {
        struct Segment: Decodable {
            let id: String
            let name: String
        }

        let schema: String
        let revision: Int
        let first_seen: Int64
        let to: Segment?
    }

    private struct Entry {
        let segmentID: Int
        let segmentName: String
        let revision: Int
        let firstSeen: Int64
    }

    private static let schema = "shoal.segment-change/1"

    private var entries: [(customer: [UInt8], entry: Entry?)] = []
    private var indexOfCustomer: [[UInt8]: Int] = [:]
    /// Records that are no current segments: somebody else's, or damaged.
    private(set) var garbageCount = 0

    /// Customers that have a segment now.
    var count: Int { entries.count { $0.entry != nil } }

    /// Takes one record; a `nil` value says that the customer was erased.
    mutating func absorb(key: [UInt8], value: [UInt8]?) {
        var entry: Entry?
        if let value {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(value)),
                line.schema == Self.schema, let to = line.to, to.id.hasPrefix("s"),
                let id = Int(to.id.dropFirst()), id > 0
            else {
                garbageCount += 1
                return
            }
            entry = Entry(
                segmentID: id, segmentName: to.name, revision: line.revision, firstSeen: line.first_seen)
        }
        if let index = indexOfCustomer[key] {
            entries[index].entry = entry
        } else {
            indexOfCustomer[key] = entries.count
            entries.append((key, entry))
        }
    }

    /// Puts what was read into the shard.
    mutating func restore(into shard: inout Shard) {
        for (customer, entry) in entries {
            guard let entry else { continue }
            let isPossible = shard.restore(
                customer: customer, segmentID: entry.segmentID, segmentName: entry.segmentName,
                revision: entry.revision, firstSeen: entry.firstSeen)
            if !isPossible { garbageCount += 1 }
        }
    }
}
