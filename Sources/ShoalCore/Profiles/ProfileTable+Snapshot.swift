/// A table that is copied while it goes on, and made again from the copy.
extension ProfileTable {
    /// Begins a copy of all rows as they are now; it ends when `nextFrozenBlock` says so.
    mutating func freeze() { frozen = FrozenRows(rowCount: rowCount, stride: layout.stride) }

    /// Gives a copy up.
    mutating func thaw() { frozen = nil }

    /// The next part of the copy, `nil` when all of it was handed out.
    ///
    /// - Complexity: copies at most a block, about 150 KiB.
    mutating func nextFrozenBlock() -> FrozenBlock? {
        while frozen != nil {
            if let block = frozen?.takeBlock() { return block }
            guard let page = frozen?.missingPage() else { break }
            keepFrozen(page: page)
        }
        frozen = nil
        return nil
    }

    /// The row at `index`, to be changed: a copy that is being made gets it as it is first.
    @inline(__always)
    mutating func rowToChange(at index: Int) -> ProfileRow {
        if frozen?.misses(index) == true { keepFrozen(page: index / FrozenRows.rowsPerPage) }
        return row(at: index)
    }

    /// Copies what is missing, because rows are about to move.
    mutating func keepAllFrozen() {
        while let page = frozen?.missingPage() { keepFrozen(page: page) }
    }

    // MARK: Making it again

    /// A table whose rows are written next, all of them, before anything else is asked of it.
    ///
    /// - Parameters:
    ///   - layout: of the rows.
    ///   - hash: of this process.
    ///   - count: rows, holes included; the caller has checked that it is believable.
    init(layout: ProfileLayout, hash: KeyHash, restoring count: Int) {
        self.init(layout: layout, hash: hash, rowCapacity: count + count / 8)
        appendUnwrittenRows(count)
    }

    /// Makes a row that of a new customer whose key is not known yet.
    func blankRow(at index: Int) {
        let row = row(at: index)
        unsafe row.base.initializeMemory(as: UInt8.self, repeating: 0, count: layout.stride)
        prepareTimes(of: row)
    }
}
