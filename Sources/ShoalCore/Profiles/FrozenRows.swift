/// The rows of a table as they were at one moment, while the table goes on.
///
/// Copy on write: a page is copied before the first change to one of its rows, or when its turn comes. Each
/// is copied once, so what is copied because of an event need not be copied later; the cost of freezing is
/// one flag per page, whatever the number of customers.
struct FrozenRows {
    /// Small enough that an event which has to copy a page loses a few microseconds: about 10 KiB.
    static let rowsPerPage = 64

    let rowCount: Int
    private let stride: Int
    private var isKept: [Bool]
    /// Pages before this one are all kept.
    private var nextPage = 0
    private var full: [FrozenBlock] = []
    private var open = FrozenBlock()

    init(rowCount: Int, stride: Int) {
        self.rowCount = rowCount
        self.stride = stride
        isKept = Array(repeating: false, count: Self.pageCount(rows: rowCount))
    }

    static func pageCount(rows: Int) -> Int { (rows + rowsPerPage - 1) / rowsPerPage }

    /// Rows of a page; the last may have fewer.
    static func rows(ofPage page: Int, of rowCount: Int) -> Range<Int> {
        page * rowsPerPage..<min((page + 1) * rowsPerPage, rowCount)
    }

    /// Whether the page of this row has yet to be copied.
    @inline(__always)
    func misses(_ row: Int) -> Bool { row < rowCount && !isKept[row / Self.rowsPerPage] }

    /// The next page to copy, `nil` if all are copied.
    mutating func missingPage() -> Int? {
        while nextPage < isKept.count, isKept[nextPage] { nextPage += 1 }
        return nextPage < isKept.count ? nextPage : nil
    }

    /// Copies a page.
    ///
    /// - Parameters:
    ///   - page: one that is missing.
    ///   - rows: the table's first row.
    ///   - longKeys: the table's key store.
    mutating func keep(page: Int, rows: UnsafeMutableRawPointer, longKeys: UnsafePointer<UInt8>) {
        if open.pages.isEmpty {
            open.rows.reserveCapacity(FrozenBlock.pagesMax * Self.rowsPerPage * stride)
        }
        isKept[page] = true
        open.pages.append(UInt32(page))
        let range = Self.rows(ofPage: page, of: rowCount)
        let start = open.rows.count
        unsafe open.rows.append(
            contentsOf: UnsafeRawBufferPointer(
                start: rows + range.lowerBound * stride, count: range.count * stride))
        for place in 0..<range.count {
            let row = unsafe ProfileRow(base: rows + (range.lowerBound + place) * stride)
            let count = row.storedByteCount
            guard count > 0 else { continue }
            let offset = row.load(ProfileRow.Offset.key, as: Int.self)
            unsafe open.longKeys.append(
                contentsOf: UnsafeBufferPointer(start: longKeys + offset, count: count))
            // Where it lies in memory means nothing to whoever reads the row again.
            let key = start + place * stride + ProfileRow.Offset.key
            for byte in key..<key + 8 { open.rows[byte] = 0 }
        }
        if open.pages.count == FrozenBlock.pagesMax { close() }
    }

    /// Hands out a block that is full; with all pages copied, also the last.
    mutating func takeBlock() -> FrozenBlock? {
        if full.isEmpty, missingPage() == nil, !open.pages.isEmpty { close() }
        return full.popLast()
    }

    private mutating func close() {
        full.append(open)
        open = FrozenBlock()
    }
}
