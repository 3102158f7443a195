/// An array that never changes and is read in the per-event loop.
///
/// Reading an element of an ordinary array held by another value may retain and release its storage, which
/// costs more than the use. This reads through a plain pointer, after a check of the index.
@safe struct FrozenArray<Element: BitwiseCopyable & Sendable>: Sendable {
    /// Owns the memory; every copy of the array holds it.
    @safe private final class Owner: @unchecked Sendable {
        // Written before the owner is shared and never again, freed when nobody holds it: safe to share.
        let start: UnsafeMutablePointer<Element>

        init(_ elements: [Element]) {
            unsafe start = .allocate(capacity: max(elements.count, 1))
            for index in elements.indices { unsafe (start + index).initialize(to: elements[index]) }
        }

        deinit { unsafe start.deallocate() }
    }

    private let owner: Owner
    // Points into what `owner` owns, which lives at least as long as this value and does not change.
    nonisolated(unsafe) private let start: UnsafePointer<Element>
    let count: Int

    init(_ elements: [Element] = []) {
        owner = Owner(elements)
        unsafe start = UnsafePointer(owner.start)
        count = elements.count
    }

    @inline(__always)
    var indices: Range<Int> { 0..<count }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return unsafe start[index]
    }

    /// The elements at `range` as bytes, lent for as long as this value lives.
    @inline(__always)
    func bytes(_ range: Range<Int>) -> LentBytes where Element == UInt8 {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe LentBytes(start: start + range.lowerBound, count: range.count)
    }

    func map<Result>(_ transform: (Element) -> Result) -> [Result] {
        indices.map { transform(self[$0]) }
    }
}
