/// Texts that never change, by number, lent without a copy or a reference count.
struct FrozenTexts: Sendable {
    private let bytes: FrozenArray<UInt8>
    /// Where each text ends; the first begins at 0.
    private let ends: FrozenArray<Int>
    /// Bytes of the longest text; 0 if there are none.
    let longest: Int

    init(_ texts: [[UInt8]] = []) {
        bytes = FrozenArray(Array(texts.joined()) + Array(repeating: 0, count: ShortText.paddedBytes))
        longest = texts.map(\.count).max() ?? 0
        var end = 0
        ends = FrozenArray(
            texts.map { text in
                end += text.count
                return end
            })
    }

    var count: Int { ends.count }

    @inline(__always)
    subscript(index: Int) -> ShortText {
        let text = bytes.bytes((index == 0 ? 0 : ends[index - 1])..<ends[index])
        // Safe: so much padding follows the last text.
        return unsafe ShortText(padded: text)
    }
}
