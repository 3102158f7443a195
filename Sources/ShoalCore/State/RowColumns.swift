/// Rows turned into columns of bytes and back, so that what is alike lies together.
///
/// The high bytes of times and numbers hardly differ between customers, and a feature that few have is zero
/// for most; column by column LZ4 finds that, row by row it does not. It is the byte shuffle of Blosc
/// (Alted, "Why Modern CPUs Are Starving", 2010).
enum RowColumns {
    /// Writes rows column by column.
    ///
    /// - Parameters:
    ///   - rows: `[n × stride]`.
    ///   - stride: a multiple of 4.
    ///   - columns: gets `[stride × n]`.
    static func split(
        _ rows: UnsafeRawBufferPointer, stride: Int, into columns: UnsafeMutableRawBufferPointer
    ) {
        let count = rows.count / stride
        precondition(rows.count == count * stride && columns.count >= rows.count && stride % 4 == 0)
        guard count > 0, let source = rows.baseAddress, let target = columns.baseAddress else { return }
        for word in 0..<stride / 4 {
            let column = unsafe target + word * 4 * count
            var row = unsafe source + word * 4
            for index in 0..<count {
                let value = unsafe row.loadUnaligned(as: UInt32.self).littleEndian
                unsafe column.storeBytes(
                    of: UInt8(truncatingIfNeeded: value), toByteOffset: index, as: UInt8.self)
                unsafe column.storeBytes(
                    of: UInt8(truncatingIfNeeded: value >> 8), toByteOffset: index + count, as: UInt8.self)
                unsafe column.storeBytes(
                    of: UInt8(truncatingIfNeeded: value >> 16), toByteOffset: index + 2 * count,
                    as: UInt8.self)
                unsafe column.storeBytes(
                    of: UInt8(truncatingIfNeeded: value >> 24), toByteOffset: index + 3 * count,
                    as: UInt8.self)
                unsafe row += stride
            }
        }
    }

    /// Writes one word of `count` rows to where it belongs.
    ///
    /// - Parameters:
    ///   - column: the word's four columns of bytes, `[4 × all]`.
    ///   - all: rows that the columns have.
    ///   - first: the first of the rows that are written.
    ///   - count: how many are written.
    ///   - target: the word in the first of them.
    ///   - stride: from one row to the next there.
    @inline(__always)
    static func join(
        _ column: UnsafeRawPointer, all: Int, first: Int, count: Int, into target: UnsafeMutableRawPointer,
        stride: Int
    ) {
        var place = unsafe target
        for index in first..<first + count {
            let value =
                unsafe UInt32(column.load(fromByteOffset: index, as: UInt8.self))
                | UInt32(column.load(fromByteOffset: index + all, as: UInt8.self)) << 8
                | UInt32(column.load(fromByteOffset: index + 2 * all, as: UInt8.self)) << 16
                | UInt32(column.load(fromByteOffset: index + 3 * all, as: UInt8.self)) << 24
            unsafe place.storeBytes(of: value.littleEndian, as: UInt32.self)
            unsafe place += stride
        }
    }
}
