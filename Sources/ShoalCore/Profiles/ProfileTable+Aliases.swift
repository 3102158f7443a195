/// Other names of customers, as `identify` events tell them.
///
/// Few customers have any, so a row has no room for them: they lie in the key store behind the key, which
/// goes there whatever its length. There they are wiped, moved and saved as the key is. Each is its length
/// as `UInt16`, little-endian, and its bytes; the newest comes last.
extension ProfileTable {
    /// Aliases of a customer that are kept; the oldest makes room.
    static let aliasesMax = 8

    /// A customer's aliases, oldest first.
    func aliases(at index: Int) -> [[UInt8]] {
        let row = row(at: index)
        guard row.hasAliases else { return [] }
        let bytes = stored(row, row.keyCount..<row.storedByteCount)
        // Safe: copied at once.
        return unsafe Self.aliases(in: bytes.buffer) ?? []
    }

    /// Whether a name is the customer's key or one of their aliases.
    ///
    /// Does not allocate: most `identify` events tell what is known.
    private func knows(_ name: LentBytes, at index: Int) -> Bool {
        if key(at: index).equals(name) { return true }
        let row = row(at: index)
        guard row.hasAliases else { return false }
        let end = row.storedByteCount
        var position = row.keyCount
        while position < end {
            let head = stored(row, position..<position + 2)
            position += 2
            let count = Int(head.word(at: 0, count: 2))
            if stored(row, position..<position + count).equals(name) { return true }
            position += count
        }
        return false
    }

    /// Records another name of a customer, unless it is known.
    mutating func addAlias(_ alias: LentBytes, at index: Int) {
        if alias.isEmpty || knows(alias, at: index) { return }
        // Safe: the bytes are copied at once.
        let name = unsafe Array(alias.buffer)
        let names = aliases(at: index) + [name]
        var stored = unsafe Array(key(at: index).buffer)
        for name in names.suffix(Self.aliasesMax) {
            let count = UInt16(name.count)
            stored += [UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)]
            stored += name
        }
        replaceStored(stored, of: rowToChange(at: index))
    }

    /// Reads what lies behind a key.
    ///
    /// - Returns: `nil` if it is no list of aliases.
    static func aliases(in bytes: UnsafeBufferPointer<UInt8>) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= 2 else { return nil }
            let count = unsafe Int(bytes[position]) | Int(bytes[position + 1]) << 8
            position += 2
            guard count > 0, bytes.count - position >= count, names.count < aliasesMax else { return nil }
            names.append(unsafe Array(bytes[position..<position + count]))
            position += count
        }
        return names.isEmpty ? nil : names
    }
}
