/// Puts the rows of a snapshot into a table, group by group, in whatever order they come.
struct SnapshotRows: ~Copyable {
    private static let longKeyBytesMax =
        FrozenBlock.pagesMax * FrozenRows.rowsPerPage * (1 + ProfileTable.aliasesMax) * (2 + Int(UInt16.max))

    private let header: SnapshotHeader
    /// By word of an old row: where it goes in a new one.
    private let offsets: [Int]
    /// Whether a row is what it was, byte for byte.
    private let isSameLayout: Bool
    private var table: ProfileTable
    private var isPageSeen: [Bool]
    private let unpacker: RowUnpacker
    private var packed: [UInt8] = []
    private var rows: [UInt8] = []
    private var customerCount = 0

    init(header: SnapshotHeader, layout: ProfileLayout, hash: KeyHash, offsets: [Int]) {
        self.header = header
        self.offsets = offsets
        isSameLayout =
            layout == header.plan.layout && offsets.enumerated().allSatisfy { $1 == 4 * $0 }
        unpacker = RowUnpacker(header)
        table = ProfileTable(layout: layout, hash: hash, restoring: header.rowCount)
        isPageSeen = Array(repeating: false, count: FrozenRows.pageCount(rows: header.rowCount))
    }

    /// Reads the next group.
    ///
    /// - Returns: whether there was one.
    /// - Throws: `SnapshotError` if it is not one.
    mutating func readGroup(
        from frame: inout FrameExpander, _ feed: inout SnapshotFeed
    ) throws(SnapshotError) -> Bool {
        let pageCount = Int(try Self.next(from: &frame, &feed))
        if pageCount == 0 { return false }
        guard pageCount <= FrozenBlock.pagesMax else { throw .impossible("a group of too many pages") }
        var ranges: [Range<Int>] = []
        var rowCount = 0
        for _ in 0..<pageCount {
            let page = Int(try Self.next(from: &frame, &feed))
            guard page < isPageSeen.count, !isPageSeen[page] else {
                throw .impossible("a page twice, or one that it should not have")
            }
            isPageSeen[page] = true
            ranges.append(FrozenRows.rows(ofPage: page, of: header.rowCount))
            rowCount += ranges[ranges.count - 1].count
        }
        let longKeyBytes = Int(try Self.next(from: &frame, &feed))
        guard longKeyBytes <= Self.longKeyBytesMax else { throw .impossible("keys beyond all bounds") }
        try readRows(rowCount, from: &frame, &feed)
        var longKeys = [UInt8](repeating: 0, count: longKeyBytes)
        try Self.fill(&longKeys, count: longKeyBytes, from: &frame, &feed)
        place(at: ranges)
        try check(ranges, longKeys: longKeys)
        return true
    }

    /// Reads rows as they lay in memory.
    private mutating func readRows(
        _ count: Int, from frame: inout FrameExpander, _ feed: inout SnapshotFeed
    ) throws(SnapshotError) {
        let stride = header.plan.layout.stride
        if rows.count < count * stride { rows = Array(repeating: 0, count: count * stride) }
        let isPacked = header.format > 1
        let byteCount = isPacked ? Int(try Self.next(from: &frame, &feed)) : count * stride
        guard byteCount <= RowUnpacker.bytesMax(rowCount: count, stride: stride) else {
            throw .impossible("rows beyond all bounds")
        }
        packed = Array(repeating: 0, count: byteCount + PackedInput.slackBytes)
        try Self.fill(&packed, count: byteCount, from: &frame, &feed)
        if isPacked {
            try unpacker.unpack(packed, into: &rows, count: count)
        } else {
            RowColumns.join(packed, into: &rows, count: count, stride: stride)
        }
    }

    /// The whole table.
    ///
    /// - Throws: `SnapshotError` if rows are missing.
    consuming func finish() throws(SnapshotError) -> ProfileTable {
        guard !isPageSeen.contains(false) else { throw .impossible("fewer rows than it tells") }
        guard customerCount == header.customerCount else {
            throw .impossible("another number of customers than it tells")
        }
        var table = table
        table.finishRestoring()
        return table
    }

    private static func next(
        from frame: inout FrameExpander, _ feed: inout SnapshotFeed
    ) throws(SnapshotError) -> UInt32 {
        var bytes: [UInt8] = [0, 0, 0, 0]
        try fill(&bytes, count: 4, from: &frame, &feed)
        var reader = WireReader(bytes: bytes, position: 0)
        return reader.next()
    }

    private static func fill(
        _ bytes: inout [UInt8], count: Int, from frame: inout FrameExpander, _ feed: inout SnapshotFeed
    ) throws(SnapshotError) {
        try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(SnapshotError) in
            try unsafe frame.fill(
                UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])),
                from: &feed)
        }
    }

    /// Writes rows; of another plan each first as that of a new customer, then with what goes on.
    private mutating func place(at ranges: [Range<Int>]) {
        let stride = header.plan.layout.stride
        unsafe rows.withUnsafeBytes { rows in
            guard var source = rows.baseAddress else { return }
            for index in ranges.joined() {
                let target = unsafe table.row(at: index).base
                if isSameLayout {
                    unsafe target.copyMemory(from: source, byteCount: stride)
                } else {
                    table.blankRow(at: index)
                    for (word, offset) in offsets.enumerated() where offset >= 0 {
                        unsafe (target + offset).storeBytes(
                            of: source.loadUnaligned(fromByteOffset: 4 * word, as: UInt32.self),
                            as: UInt32.self)
                    }
                }
                unsafe source += stride
            }
        }
    }

    /// Checks every row and gives it its key and aliases.
    private mutating func check(_ ranges: [Range<Int>], longKeys: [UInt8]) throws(SnapshotError) {
        var position = 0
        for range in ranges {
            for index in range {
                let row = table.row(at: index)
                if row.isRemoved {
                    // A hole has nothing in the key store, whatever else is written there.
                    unsafe row.base.initializeMemory(
                        as: UInt8.self, repeating: 0, count: table.layout.stride)
                    row.isRemoved = true
                    continue
                }
                guard row.isPossible(in: table.layout) else { throw .impossible("a customer that cannot be") }
                customerCount += 1
                let count = row.storedByteCount
                guard count > 0 else { continue }
                guard longKeys.count - position >= count else { throw .impossible("a key cut short") }
                let end = position + count
                try unsafe longKeys.withUnsafeBufferPointer { (bytes) throws(SnapshotError) in
                    let bytes = unsafe UnsafeBufferPointer(rebasing: bytes[position..<end])
                    if row.hasAliases {
                        guard row.keyCount < count else { throw .impossible("aliases of no key") }
                        let names = unsafe UnsafeBufferPointer(rebasing: bytes[row.keyCount...])
                        guard unsafe ProfileTable.aliases(in: names) != nil else {
                            throw .impossible("aliases that are none")
                        }
                    }
                    unsafe table.append(LentBytes(start: bytes.baseAddress, count: count), for: row)
                }
                position = end
            }
        }
        guard position == longKeys.count else { throw .impossible("a key of nobody") }
    }
}

extension ProfileRow {
    /// Whether a shard could have written this.
    fileprivate func isPossible(in layout: ProfileLayout) -> Bool {
        let times = EventLimits.earliestMilliseconds..<EventLimits.endMilliseconds
        guard keyCount > 0, segmentID <= SegmentModel.artifactCountMax,
            newestMilliseconds == .min || times.contains(newestMilliseconds),
            times.contains(firstSeenMilliseconds)
        else { return false }
        for slot in 0..<layout.accumulatorCount where !self[accumulator: slot, layout].isFinite {
            return false
        }
        for time in 0..<layout.timeCount {
            let value = self[time: time, layout]
            guard value == .min || times.contains(value) else { return false }
        }
        return true
    }
}
