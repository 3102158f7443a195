/// Fingerprints of a row's last event ids, as good as random, of which the first so many are there.
///
/// A column of bytes says how many each row has up to the last that is not zero; then these follow, row by
/// row.
enum FingerprintPacking {
    private static let countMax = ProfileRow.eventIDsMax

    /// - Parameters:
    ///   - source: the first row's.
    ///   - count: of rows.
    ///   - stride: from one row to the next.
    ///   - columns: gets them.
    static func append(
        _ source: UnsafeRawPointer, _ count: Int, stride: Int, to columns: inout ColumnWriter
    ) {
        let counts = unsafe columns.space.symbols
        var total = 0
        var place = unsafe source
        for row in 0..<count {
            var last = countMax
            while last > 0, unsafe place.loadUnaligned(fromByteOffset: 4 * (last - 1), as: UInt32.self) == 0 {
                last -= 1
            }
            unsafe counts[row] = UInt16(truncatingIfNeeded: last)
            total += last
            unsafe place += stride
        }
        columns.appendBytes(count)
        // Eight at a time, whatever their number; the room has as many to spare.
        var target = unsafe columns.output.extend(4 * total)
        unsafe place = source
        for row in 0..<count {
            unsafe target.copyMemory(from: place, byteCount: 4 * countMax)
            unsafe target += 4 * Int(counts[row])
            unsafe place += stride
        }
    }

    /// - Parameters:
    ///   - target: the first row's.
    ///   - count: of rows.
    ///   - stride: from one row to the next.
    ///   - counts: scratch space.
    ///   - columns: has them.
    /// - Throws: `SnapshotError` if it has none.
    static func read(
        into target: UnsafeMutableRawPointer, _ count: Int, stride: Int,
        counts: UnsafeMutablePointer<UInt16>, from columns: inout ColumnReader
    ) throws(SnapshotError) {
        try unsafe columns.readBytes(into: counts, count)
        var total = 0
        for row in 0..<count {
            let own = Int(unsafe counts[row])
            guard own <= countMax else { throw .impossible("more event ids than a row has") }
            total += own
        }
        var source = unsafe try columns.input.take(4 * total)
        var place = unsafe target
        for row in 0..<count {
            // Behind the last there is as much that can be read.
            unsafe place.copyMemory(from: source, byteCount: 4 * countMax)
            let own = Int(unsafe counts[row])
            for number in own..<countMax {
                unsafe place.storeBytes(of: 0, toByteOffset: 4 * number, as: UInt32.self)
            }
            unsafe source += 4 * own
            unsafe place += stride
        }
    }
}
