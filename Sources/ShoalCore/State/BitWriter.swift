/// Numbers of few bits one after the other, the lowest bit first, into room that is there for all of them.
///
/// A local variable of the loop that uses it, so that it stays in registers. Each append writes eight bytes,
/// whatever it has to say, because a branch would be guessed wrong every other time.
@safe struct BitWriter {
    // Lent by `PackedOutput`, which has made sure of the room and eight bytes more.
    private(set) var target: UnsafeMutableRawPointer
    private var bits: UInt64 = 0
    /// Below 8 between two appends.
    private var filled: UInt64 = 0

    init(_ target: UnsafeMutableRawPointer) { unsafe self.target = target }

    /// - Parameters:
    ///   - more: has no bit beyond `count`.
    ///   - count: at most 56.
    @inline(__always)
    mutating func append(_ more: UInt64, count: UInt64) {
        bits |= more &<< filled
        filled &+= count
        unsafe target.storeBytes(of: bits.littleEndian, as: UInt64.self)
        let whole = filled & ~7
        unsafe target += Int(whole &>> 3)
        bits &>>= whole
        filled &= 7
    }

    /// Fills the last byte up.
    mutating func end() {
        if filled > 0 { append(0, count: 8 - filled) }
    }
}
