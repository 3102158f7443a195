@testable import ShoalCore

/// All bytes that are in a snapshot: as they are written, and as they are once the frame is expanded and rows
/// are put together again.
struct ExpandedSnapshot {
    private var parts: [[UInt8]]

    init(_ bytes: [UInt8]) throws(SnapshotError) {
        var position = 0
        var feed = SnapshotFeed { () throws(SnapshotError) in
            let next = Array(bytes[position...].prefix(4_096))
            position += next.count
            return next
        }
        let header = try SnapshotHeader(from: &feed)
        let stride = header.plan.layout.stride
        let unpacker = RowUnpacker(header)
        parts = [bytes]
        var frame = FrameExpander()
        func take(_ count: Int) throws(SnapshotError) -> [UInt8] {
            var taken = [UInt8](repeating: 0, count: count)
            try unsafe taken.withUnsafeMutableBufferPointer { (buffer) throws(SnapshotError) in
                try unsafe frame.fill(UnsafeMutableRawBufferPointer(buffer), from: &feed)
            }
            return taken
        }
        func number() throws(SnapshotError) -> Int {
            try take(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        while true {
            let pageCount = try number()
            if pageCount == 0 { break }
            var rows = 0
            for _ in 0..<pageCount {
                rows += FrozenRows.rows(ofPage: try number(), of: header.rowCount).count
            }
            let longKeyBytes = try number()
            let packed = try take(try number())
            var joined = [UInt8](repeating: 0, count: rows * stride)
            let room = [UInt8](repeating: 0, count: PackedInput.slackBytes)
            try unpacker.unpack(packed + room, into: &joined, count: rows)
            parts += [packed, joined, try take(longKeyBytes)]
        }
    }

    func contains(_ text: String) -> Bool {
        let text = Array(text.utf8)
        return parts.contains { part in
            part.indices.contains { part[$0] == text[0] && part[$0...].starts(with: text) }
        }
    }
}
