/// What a profile remembers of an event's id: 32 bits of its stable hash.
///
/// A new id is taken for one of the eight that a profile remembers with a probability of 2·10⁻⁹.
package struct EventFingerprint: Equatable, BitwiseCopyable, Sendable {
    let bits: UInt32

    init(bits: UInt32) { self.bits = bits }

    /// The fingerprint of an id, or `nil` of an empty one, which is none.
    @inline(__always)
    package init?(_ id: LentBytes) {
        guard !id.isEmpty else { return nil }
        bits = UInt32(truncatingIfNeeded: StableHash.of(id))
    }
}
