/// A time as a small number: how long before another one it was.
///
/// Every pair of times has a number and every number gives its time back, also where the difference does not
/// fit; never (`Int64.min`) is 0, whatever the other time is.
enum TimeCode {
    @inline(__always)
    static func code(_ time: Int64, before reference: Int64) -> UInt64 {
        if time == .min { return 0 }
        let code = UInt64(bitPattern: reference &- time &+ 1)
        // What never would have had goes to the one time whose number never took.
        return code == 0 ? ofNever(reference) : code
    }

    @inline(__always)
    static func time(_ code: UInt64, before reference: Int64) -> Int64 {
        if code == 0 { return .min }
        if code == ofNever(reference) { return reference &+ 1 }
        return reference &+ 1 &- Int64(bitPattern: code)
    }

    private static func ofNever(_ reference: Int64) -> UInt64 { UInt64(bitPattern: reference &- .min &+ 1) }

    /// A difference of either sign, small if it is.
    @inline(__always)
    static func step(from previous: Int64, to time: Int64) -> UInt64 {
        let difference = time &- previous
        return UInt64(bitPattern: (difference << 1) ^ (difference >> 63))
    }

    @inline(__always)
    static func time(after previous: Int64, step: UInt64) -> Int64 {
        previous &+ (Int64(bitPattern: step >> 1) ^ -Int64(bitPattern: step & 1))
    }
}
