/// Reads a group's rows as `RowPacker` has written them; whatever the bytes are, it throws or gives rows.
struct RowUnpacker: ~Copyable {
    private let stride: Int
    private let fields: [RowFields.Field]
    private let streamTimeMilliseconds: Int64
    private let space: PackingSpace
    private let firstNumber: Int

    init(_ header: SnapshotHeader) {
        stride = header.plan.layout.stride
        fields = RowFields.of(header.plan.layout)
        firstNumber = header.plan.layout.accumulators
        space = PackingSpace(stride: stride)
        streamTimeMilliseconds = header.streamTimeMilliseconds
    }

    /// More bytes than any packed rows have.
    ///
    /// No way to tell a column takes an eighth more than the column, but for what tells the way, and names up
    /// to 64 symbols of each of a word's four bytes.
    static func bytesMax(rowCount: Int, stride: Int) -> Int {
        rowCount * stride * 9 / 8 + stride * (SymbolCode.symbolsMax + 8)
    }

    /// Unpacks rows.
    ///
    /// - Parameters:
    ///   - packed: all of their bytes, and behind them `PackedInput.slackBytes` that mean nothing.
    ///   - rows: gets them, `[count × stride]`.
    ///   - count: at least 1, at most a block's.
    /// - Throws: `SnapshotError` if the bytes are not those of so many rows.
    func unpack(_ packed: [UInt8], into rows: inout [UInt8], count: Int) throws(SnapshotError) {
        let byteCount = packed.count - PackedInput.slackBytes
        precondition((1...PackingSpace.rowsMax).contains(count) && rows.count >= count * stride)
        precondition(byteCount >= 0, "The caller left room behind the bytes.")
        try unsafe packed.withUnsafeBufferPointer { (packed) throws(SnapshotError) in
            try unsafe rows.withUnsafeMutableBufferPointer { (rows) throws(SnapshotError) in
                guard let start = packed.baseAddress, let rows = rows.baseAddress else { return }
                var columns = unsafe ColumnReader(input: PackedInput(start, count: byteCount))
                for field in fields {
                    try unsafe read(field, into: UnsafeMutableRawPointer(rows), count, from: &columns)
                }
                guard columns.input.isAtEnd else { throw .impossible("rows with something left over") }
            }
        }
    }

    private func read(
        _ field: RowFields.Field, into rows: UnsafeMutableRawPointer, _ count: Int,
        from columns: inout ColumnReader
    ) throws(SnapshotError) {
        switch field {
        case .word(let offset):
            let words = unsafe space.column(at: offset)
            try unsafe readWords(into: words, count, from: &columns)
            unsafe put(words, into: rows + offset, count)
        case .number(let offset):
            try readNumbers(offset, count, from: &columns)
            unsafe put(space.column(at: offset), into: rows + offset, count)
        case .time(let offset, let reference):
            try unsafe columns.readTimes(into: space.times, count)
            unsafe putTimes(
                into: rows + offset, count, by: reference, isNewest: offset == ProfileRow.Offset.newest)
        case .fingerprints(let offset):
            try unsafe FingerprintPacking.read(
                into: rows + offset, count, stride: stride, counts: space.symbols, from: &columns)
        case .sketch(let offset):
            try unsafe SketchPacking.read(
                into: rows + offset, count, stride: stride, counts: space.symbols, from: &columns)
        }
    }

    private func readWords(
        into words: UnsafeMutablePointer<UInt32>, _ count: Int, from columns: inout ColumnReader
    ) throws(SnapshotError) {
        let symbols = unsafe space.symbols
        switch try columns.input.byte() {
        case RowPacker.same: unsafe words.update(repeating: try columns.input.word(), count: count)
        case RowPacker.own:
            unsafe words.update(repeating: 0, count: count)
            for shift in Swift.stride(from: UInt32(0), to: 32, by: 8) {
                try unsafe columns.readBytes(into: symbols, count)
                for row in 0..<count { unsafe words[row] |= UInt32(symbols[row]) &<< shift }
            }
        default: throw .impossible("a word of no kind")
        }
    }

    private func readNumbers(
        _ offset: Int, _ count: Int, from columns: inout ColumnReader
    ) throws(SnapshotError) {
        let words = unsafe space.column(at: offset)
        switch try columns.input.byte() {
        case RowPacker.same: unsafe words.update(repeating: try columns.input.word(), count: count)
        case RowPacker.own: try unsafe columns.readNumbers(into: words, count)
        case RowPacker.twin:
            let twin = Int(try columns.input.word())
            guard twin % 4 == 0, (firstNumber..<offset).contains(twin) else {
                throw .impossible("a number that is as none before it")
            }
            unsafe words.update(from: space.column(at: twin), count: count)
        default: throw .impossible("a number of no kind")
        }
    }

    private func put(_ words: UnsafePointer<UInt32>, into target: UnsafeMutableRawPointer, _ count: Int) {
        var place = unsafe target
        for row in 0..<count {
            unsafe place.storeBytes(of: words[row].littleEndian, as: UInt32.self)
            unsafe place += stride
        }
    }

    private func putTimes(
        into target: UnsafeMutableRawPointer, _ count: Int, by reference: RowFields.Reference,
        isNewest: Bool
    ) {
        let (times, newest) = unsafe (space.times, space.newest)
        var place = unsafe target
        var before = streamTimeMilliseconds
        for row in 0..<count {
            let time: Int64
            switch reference {
            case .stream: time = unsafe TimeCode.time(times[row], before: before)
            case .newest: time = unsafe TimeCode.time(times[row], before: newest[row])
            case .rowBefore:
                time = unsafe TimeCode.time(after: before, step: times[row])
                before = time
            }
            if isNewest { unsafe newest[row] = time }
            unsafe place.storeBytes(of: time.littleEndian, as: Int64.self)
            unsafe place += stride
        }
    }
}
