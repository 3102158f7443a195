internal import CSimdJSON

/// Splits one line of separated columns into slots; text is lent from the line itself where it can be.
@safe struct DelimitedReader: ~Copyable, SlotLayout {
    private let separator: UInt8
    private let isEnabled: Bool
    /// Column names by slot.
    private var names: [String] = []
    /// By column of the file: its slot, or -1 if nobody reads it.
    private var slotByColumn: [Int32] = []
    private(set) var needsHeader: Bool
    private let givenColumns: [String]?
    // Owned by this value alone; made by `seal`, freed in `deinit`.
    private var slots: UnsafeMutablePointer<shoal_json_slot>
    private var slotCount = 0
    // Where quoted text with doubled quotes is undone; as long as the longest line seen.
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity = 0

    init(format: SourceMapping.Delimited) {
        separator = format.separator
        isEnabled = format.separator != 0
        givenColumns = format.columns
        needsHeader = format.columns == nil
        unsafe slots = .allocate(capacity: 1)
        unsafe scratch = .allocate(capacity: 1)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe scratch.deallocate()
    }

    /// Whether the source's records are lines.
    var isInUse: Bool { isEnabled }

    mutating func slot(of path: String) -> Int32 {
        if let index = names.firstIndex(of: path) { return Int32(index) }
        names.append(path)
        return Int32(names.count - 1)
    }

    /// A line has no basket.
    mutating func slot(ofItems path: String) -> Int32 { -1 }

    mutating func slot(inItem path: String) -> Int32 { -1 }

    /// Ends the set of columns.
    mutating func seal() {
        slotCount = names.count
        unsafe slots.deallocate()
        unsafe slots = .allocate(capacity: slotCount + 1)
        unsafe slots.initialize(repeating: shoal_json_slot(), count: slotCount + 1)
        if let givenColumns { adopt(givenColumns) }
    }

    /// Takes the order of columns; of two with the same name the first is read.
    mutating func adopt(_ columns: [String]) {
        var taken: Set<String> = []
        slotByColumn = columns.map { column in
            guard taken.insert(column).inserted, let index = names.firstIndex(of: column) else { return -1 }
            return Int32(index)
        }
        needsHeader = false
    }

    /// Asks for a header again if the columns come from one.
    mutating func forgetHeader() { needsHeader = isEnabled && givenColumns == nil }

    /// The values of the line.
    var values: RecordValues { unsafe RecordValues(slots) }

    /// Splits a line; a rejection says why it cannot be split.
    mutating func read(_ record: UnsafeRawBufferPointer) -> EventRejection? {
        guard unsafe JSONReader.isUTF8(record) else { return EventRejection(.badUTF8, "bad_utf8") }
        let line = unsafe Self.withoutLineEnd(record)
        guard unsafe !line.isEmpty else { return EventRejection(.notJSON, "empty") }
        for slot in 0..<slotCount { unsafe slots[slot].kind = RecordValue.Kind.absent.rawValue }
        reserveScratch(line.count)
        var column = 0
        var index = 0
        var scratchUsed = 0
        while true {
            let text: LentBytes
            if unsafe index < line.count && line[index] == UInt8(ascii: "\"") {
                guard let quoted = unsafe unquote(line, &index, &scratchUsed) else {
                    return EventRejection(.notJSON, "bad_quote: column \(column + 1)")
                }
                text = quoted
            } else {
                let start = index
                while unsafe index < line.count && line[index] != separator { index += 1 }
                text = unsafe Self.lend(line, start..<index)
            }
            if column < slotByColumn.count, slotByColumn[column] >= 0, !text.isEmpty {
                let slot = unsafe slots + Int(slotByColumn[column])
                unsafe slot.pointee.kind = RecordValue.Kind.text.rawValue
                unsafe slot.pointee.text = text.start
                unsafe slot.pointee.length = UInt32(truncatingIfNeeded: text.count)
            }
            column += 1
            guard index < line.count else { break }
            index += 1
        }
        guard column == slotByColumn.count else {
            return EventRejection(.badField, "columns: expected \(slotByColumn.count), found \(column)")
        }
        return nil
    }

    /// The columns of one line, for a header.
    mutating func columns(of record: UnsafeRawBufferPointer) -> [String]? {
        let line = unsafe Self.withoutLineEnd(record)
        reserveScratch(line.count)
        var columns: [String] = []
        var index = 0
        var scratchUsed = 0
        while true {
            if unsafe index < line.count && line[index] == UInt8(ascii: "\"") {
                guard let quoted = unsafe unquote(line, &index, &scratchUsed) else { return nil }
                columns.append(quoted.text)
            } else {
                let start = index
                while unsafe index < line.count && line[index] != separator { index += 1 }
                columns.append(unsafe Self.lend(line, start..<index).text)
            }
            guard index < line.count else { return columns }
            index += 1
        }
    }

    private mutating func reserveScratch(_ count: Int) {
        guard count > scratchCapacity else { return }
        unsafe scratch.deallocate()
        scratchCapacity = count * 2
        unsafe scratch = .allocate(capacity: scratchCapacity)
    }

    private static func withoutLineEnd(_ record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var count = record.count
        if unsafe count > 0 && record[count - 1] == UInt8(ascii: "\n") { count -= 1 }
        if unsafe count > 0 && record[count - 1] == UInt8(ascii: "\r") { count -= 1 }
        return unsafe UnsafeRawBufferPointer(rebasing: record[..<count])
    }

    private static func lend(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> LentBytes {
        let start = unsafe line.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return unsafe LentBytes(start: start.map { unsafe $0 + range.lowerBound }, count: range.count)
    }

    /// Reads the quoted column at `index` and leaves `index` at the separator after it or the line's end.
    ///
    /// RFC 4180, section 2: a quote inside is doubled; `nil` if the end quote is missing or followed by text.
    private mutating func unquote(
        _ line: UnsafeRawBufferPointer, _ index: inout Int, _ scratchUsed: inout Int
    ) -> LentBytes? {
        let quote = UInt8(ascii: "\"")
        index += 1
        let start = index
        let scratchStart = scratchUsed
        var isCopied = false
        while index < line.count {
            let byte = unsafe line[index]
            if byte == quote {
                let isDoubled = unsafe index + 1 < line.count && line[index + 1] == quote
                guard isDoubled else { break }
                if !isCopied {
                    isCopied = true
                    for position in start..<index {
                        unsafe scratch[scratchUsed] = line[position]
                        scratchUsed += 1
                    }
                }
                index += 1
            }
            if isCopied {
                unsafe scratch[scratchUsed] = byte
                scratchUsed += 1
            }
            index += 1
        }
        guard index < line.count else { return nil }
        let end = index
        index += 1
        guard unsafe index == line.count || line[index] == separator else { return nil }
        guard isCopied else { return unsafe Self.lend(line, start..<end) }
        return unsafe LentBytes(
            start: UnsafePointer(scratch + scratchStart), count: scratchUsed - scratchStart)
    }
}
