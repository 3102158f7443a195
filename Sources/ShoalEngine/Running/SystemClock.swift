package import Dispatch
internal import Glibc

/// The clocks that the engine's threads read once per batch; everything below them is given the time.
package enum SystemClock {
    /// Milliseconds of a clock that nobody sets, for intervals.
    package static var monotonicMilliseconds: Int64 { milliseconds(CLOCK_MONOTONIC) }

    /// Milliseconds since 1970, for people.
    package static var epochMilliseconds: Int64 { milliseconds(CLOCK_REALTIME) }

    /// A moment that many milliseconds ahead, for a wait.
    package static func deadline(afterMilliseconds milliseconds: Int64) -> DispatchTime {
        .now() + .milliseconds(Int(max(0, milliseconds)))
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        // Safe: the system fills in the structure it is given.
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
