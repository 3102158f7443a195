internal import ShoalCore

/// What a partition's own outputs say of its customers, the last word per customer.
struct SegmentReadBack {
    private var entries: [(customer: [UInt8], record: SegmentRecordReader.Record?)] = []
    private var indexOfCustomer: [[UInt8]: Int] = [:]
    /// Records that are none of ours: somebody else's, or damaged.
    private(set) var garbageCount = 0
    /// The newest of the models that decided; 0 where none did.
    private(set) var generation = 0

    /// Customers that have a segment now.
    var count: Int { entries.count { ($0.record?.segmentID ?? 0) != 0 } }

    mutating func countGarbage() { garbageCount += 1 }

    /// Takes one record; `nil` says that the customer has no segment any more.
    mutating func absorb(key: [UInt8], record: SegmentRecordReader.Record?) {
        generation = max(generation, record?.generation ?? 0)
        if let index = indexOfCustomer[key] {
            entries[index].record = record
        } else {
            indexOfCustomer[key] = entries.count
            entries.append((key, record))
        }
    }

    /// Puts what was read into the shard.
    mutating func restore(into shard: inout Shard) {
        for (customer, record) in entries {
            guard let record else { continue }
            if record.segmentID == 0 {
                shard.restoreAbsence(of: customer, firstSeen: record.firstSeen)
                continue
            }
            let isPossible = shard.restore(
                customer: customer, segmentID: record.segmentID, segmentName: record.segmentName,
                revision: record.revision, firstSeen: record.firstSeen)
            if !isPossible { garbageCount += 1 }
        }
    }
}
