/// Writes a group's rows field by field, each in few bytes.
///
/// General compression finds little in rows, because most of a row repeats in less than four bytes: a
/// feature that half of the customers have, a digit of an id, the exponent of a number. So each field, one
/// of `RowFields`, is told as a column in the way that suits it, and what is as good as random is not
/// looked at: times by a `ColumnWriter`, sets by `FingerprintPacking` and `SketchPacking`.
///
/// Words and numbers begin with a byte: 0 if all are the same, which follows; 1 if four columns of bytes
/// follow, the lowest first, or the column of numbers; 2, for numbers only, if they are those of another
/// field, whose offset in a row follows: how many purchases and how many purchases with an amount is often
/// the same.
struct RowPacker: ~Copyable {
    /// How words and numbers are told.
    static let same: UInt8 = 0
    static let own: UInt8 = 1
    static let twin: UInt8 = 2

    private let stride: Int
    private let fields: [RowFields.Field]
    private let firstNumber: Int
    private let streamTimeMilliseconds: Int64
    private var columns: ColumnWriter

    init(_ header: SnapshotHeader) {
        stride = header.plan.layout.stride
        fields = RowFields.of(header.plan.layout)
        firstNumber = header.plan.layout.accumulators
        streamTimeMilliseconds = header.streamTimeMilliseconds
        columns = ColumnWriter(stride: stride)
    }

    /// Packs rows, of which there is at least one, and lends the bytes.
    mutating func pack(_ rows: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) {
        let count = rows.count / stride
        precondition((1...PackingSpace.rowsMax).contains(count) && rows.count == count * stride)
        columns.output.removeAll()
        unsafe rows.withUnsafeBytes { rows in
            guard let start = rows.baseAddress else { return }
            unsafe turn(start, count)
            for field in fields { unsafe append(field, start, count) }
        }
        unsafe body(columns.output.bytes)
    }

    /// Turns rows into columns of words, a page after the other, as a page fits a first-level cache.
    private func turn(_ rows: UnsafeRawPointer, _ count: Int) {
        for start in Swift.stride(from: 0, to: count, by: FrozenRows.rowsPerPage) {
            let end = min(start + FrozenRows.rowsPerPage, count)
            for offset in Swift.stride(from: 0, to: stride, by: 4) {
                let column = unsafe columns.space.column(at: offset)
                var place = unsafe rows + (start * stride + offset)
                for row in start..<end {
                    unsafe column[row] = UInt32(littleEndian: place.load(as: UInt32.self))
                    unsafe place += stride
                }
            }
        }
    }

    private mutating func append(_ field: RowFields.Field, _ rows: UnsafeRawPointer, _ count: Int) {
        switch field {
        case .word(let offset): appendWords(offset, count)
        case .number(let offset): appendNumbers(offset, count)
        case .time(let offset, let reference):
            takeTimes(offset, count, by: reference)
            columns.appendTimes(count)
        case .fingerprints(let offset):
            unsafe FingerprintPacking.append(rows + offset, count, stride: stride, to: &columns)
        case .sketch(let offset):
            unsafe SketchPacking.append(rows + offset, count, stride: stride, to: &columns)
        }
    }

    private mutating func appendWords(_ offset: Int, _ count: Int) {
        let (words, symbols) = unsafe (columns.space.column(at: offset), columns.space.symbols)
        if unsafe appendIfSame(words, count) { return }
        columns.output.append(Self.own)
        for shift in Swift.stride(from: UInt32(0), to: 32, by: 8) {
            for row in 0..<count {
                unsafe symbols[row] = UInt16(truncatingIfNeeded: words[row] &>> shift & 0xff)
            }
            columns.appendBytes(count)
        }
    }

    private mutating func appendNumbers(_ offset: Int, _ count: Int) {
        let words = unsafe columns.space.column(at: offset)
        if unsafe appendIfSame(words, count) { return }
        for twin in Swift.stride(from: firstNumber, to: offset, by: 4) {
            guard unsafe areTwins(columns.space.column(at: twin), words, count) else { continue }
            columns.output.append(Self.twin)
            columns.output.append(word: UInt32(truncatingIfNeeded: twin))
            return
        }
        columns.output.append(Self.own)
        unsafe columns.appendNumbers(words, count)
    }

    /// Appends a column of which all words are the same, and tells whether it was one.
    private mutating func appendIfSame(_ words: UnsafePointer<UInt32>, _ count: Int) -> Bool {
        let first = unsafe words[0]
        var difference: UInt32 = 0
        for row in 0..<count { difference |= unsafe words[row] ^ first }
        guard difference == 0 else { return false }
        columns.output.append(Self.same)
        columns.output.append(word: first)
        return true
    }

    /// Whether two columns are the same; most differ in their first rows.
    private func areTwins(
        _ first: UnsafePointer<UInt32>, _ second: UnsafePointer<UInt32>, _ count: Int
    ) -> Bool {
        for row in 0..<count where unsafe first[row] != second[row] { return false }
        return true
    }

    /// Fills the space's times with what one time of every row becomes.
    private func takeTimes(_ offset: Int, _ count: Int, by reference: RowFields.Reference) {
        let (times, newest) = unsafe (columns.space.times, columns.space.newest)
        let (lower, upper) = unsafe (columns.space.column(at: offset), columns.space.column(at: offset + 4))
        let isNewest = offset == ProfileRow.Offset.newest
        var before = streamTimeMilliseconds
        for row in 0..<count {
            let time = unsafe Int64(bitPattern: UInt64(upper[row]) &<< 32 | UInt64(lower[row]))
            switch reference {
            case .stream: unsafe times[row] = TimeCode.code(time, before: before)
            case .newest: unsafe times[row] = TimeCode.code(time, before: newest[row])
            case .rowBefore:
                unsafe times[row] = TimeCode.step(from: before, to: time)
                before = time
            }
            if isNewest { unsafe newest[row] = time }
        }
    }
}
