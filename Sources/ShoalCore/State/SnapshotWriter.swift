/// Turns a frozen shard into the bytes of a snapshot, as `SnapshotHeader` describes them.
///
/// Does its work away from the shard, on whatever thread it is called.
package struct SnapshotWriter: ~Copyable {
    private static let trailerBytes = 12

    private var packer: RowPacker
    private var compressor: FrameCompressor
    private var checksum = CRC32C()
    private var byteCount = 0

    /// Begins a snapshot.
    ///
    /// - Parameters:
    ///   - header: as the shard gave it when it was frozen.
    ///   - output: gets the first bytes appended.
    package init(_ header: SnapshotHeader, appendingTo output: inout [UInt8]) {
        packer = RowPacker(header)
        let start = output.count
        output += header.encoded()
        compressor = FrameCompressor(appendingTo: &output)
        note(output, from: start)
    }

    /// Adds rows.
    package mutating func append(_ block: FrozenBlock, to output: inout [UInt8]) {
        let start = output.count
        var head = WireWriter()
        head.append(UInt32(block.pages.count))
        for page in block.pages { head.append(page) }
        head.append(UInt32(block.longKeys.count))
        unsafe packer.pack(block.rows) { packed in
            head.append(UInt32(packed.count))
            unsafe head.bytes.withUnsafeBytes { unsafe compressor.store($0, appendingTo: &output) }
            unsafe compressor.store(packed, appendingTo: &output)
        }
        compress(block.longKeys, to: &output)
        note(output, from: start)
    }

    /// Ends the snapshot.
    package consuming func finish(appendingTo output: inout [UInt8]) {
        let start = output.count
        var end = WireWriter()
        end.append(UInt32(0))
        compress(end.bytes, to: &output)
        var (checksum, byteCount) = (checksum, byteCount)
        compressor.finish(appendingTo: &output)
        var trailer = WireWriter()
        byteCount += output.count - start + Self.trailerBytes
        trailer.append(UInt64(byteCount))
        output += trailer.bytes
        unsafe output.withUnsafeBytes {
            unsafe checksum.combine(UnsafeRawBufferPointer(rebasing: $0[start...]))
        }
        trailer = WireWriter()
        trailer.append(checksum.value)
        output += trailer.bytes
    }

    private mutating func compress(_ bytes: [UInt8], to output: inout [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe compressor.compress($0, appendingTo: &output) }
    }

    private mutating func note(_ output: [UInt8], from start: Int) {
        byteCount += output.count - start
        unsafe output.withUnsafeBytes {
            unsafe checksum.combine(UnsafeRawBufferPointer(rebasing: $0[start...]))
        }
    }
}
