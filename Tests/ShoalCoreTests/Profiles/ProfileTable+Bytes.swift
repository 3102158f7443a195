@testable import ShoalCore

/// The table as tests use it: keys are arrays of bytes.
extension ProfileTable {
    mutating func insert(_ key: [UInt8]) -> (index: Int, isNew: Bool) {
        unsafe key.withUnsafeBufferPointer {
            unsafe findOrInsert(LentBytes(start: $0.baseAddress, count: $0.count))
        }
    }

    func find(_ key: [UInt8]) -> Int? {
        unsafe key.withUnsafeBufferPointer {
            unsafe find(LentBytes(start: $0.baseAddress, count: $0.count))
        }
    }

    mutating func replace(at index: Int, with key: [UInt8]) {
        unsafe key.withUnsafeBufferPointer {
            unsafe replace(at: index, with: LentBytes(start: $0.baseAddress, count: $0.count))
        }
    }

    /// Closes holes as a shard does between two events.
    mutating func compactIfSparse() {
        var cursors: [Int] = []
        if isSparse { compact(&cursors) }
    }

    func keyBytes(at index: Int) -> [UInt8] { unsafe Array(key(at: index).buffer) }

    /// Rows in use that are no holes, in order.
    var liveRows: [Int] { (0..<rowCount).filter { !row(at: $0).isRemoved } }
}

extension KeyHash {
    func of(_ key: [UInt8]) -> UInt64 {
        unsafe key.withUnsafeBufferPointer { unsafe self(LentBytes(start: $0.baseAddress, count: $0.count)) }
    }
}
