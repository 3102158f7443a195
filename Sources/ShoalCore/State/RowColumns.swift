/// Rows turned into columns of bytes, as snapshots of format 1 have them.
///
/// It is the byte shuffle of Blosc (Alted, "Why Modern CPUs Are Starving", 2010).
enum RowColumns {
    /// Makes rows of columns.
    ///
    /// - Parameters:
    ///   - columns: `[stride × count]`.
    ///   - rows: gets `[count × stride]`.
    ///   - count: of rows.
    ///   - stride: bytes of one.
    static func join(_ columns: [UInt8], into rows: inout [UInt8], count: Int, stride: Int) {
        precondition(columns.count >= count * stride && rows.count >= count * stride)
        for byte in 0..<stride {
            for row in 0..<count { rows[row * stride + byte] = columns[byte * count + row] }
        }
    }
}
