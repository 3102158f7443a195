/// A lent text with so many readable bytes from its start that a short one can be copied in one piece.
@safe struct ShortText {
    /// Readable bytes from the start of every text, whatever its length.
    static let paddedBytes = 32

    let bytes: LentBytes

    /// - Precondition: `bytes.start` leads to at least `paddedBytes` readable bytes.
    @unsafe init(padded bytes: LentBytes) { self.bytes = bytes }
}
