extension EventDecoder {
    /// Whether the next line must go to `adoptHeader`, because nothing else says what the columns are.
    package var needsHeader: Bool { delimited.needsHeader }

    /// Takes the names of columns from a file's first line.
    ///
    /// - Throws: if the line cannot be split, or a column that the mapping names is absent.
    package mutating func adoptHeader(_ line: UnsafeRawBufferPointer) throws(HeaderError) {
        let content = unsafe Self.withoutByteOrderMark(line)
        guard let columns = unsafe delimited.columns(of: content) else { throw .malformed }
        let absent = source.absentColumns(in: columns)
        guard absent.isEmpty else { throw .absentColumns(absent) }
        delimited.adopt(columns)
    }

    /// Asks for a header again where columns come from one, since another file may have another order.
    package mutating func beginFile() { delimited.forgetHeader() }
}
