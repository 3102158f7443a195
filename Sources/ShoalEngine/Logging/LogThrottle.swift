/// Lets each site of the code log once per interval, and counts what it holds back meanwhile.
///
/// Pure: the time is an argument. Sites are few and fixed, so the table stays small.
package struct LogThrottle {
    package enum Verdict: Equatable {
        /// Log it, and say how many were held back since the line before.
        case admit(heldBack: Int)
        case hold
    }

    private struct Site {
        var lastMilliseconds: Int64
        var heldBack = 0
    }

    private let intervalMilliseconds: Int64
    private var sites: [String: Site] = [:]

    package init(intervalMilliseconds: Int64 = 10_000) {
        self.intervalMilliseconds = intervalMilliseconds
    }

    /// Decides about one line.
    ///
    /// - Parameters:
    ///   - site: names the place in the code, not the message.
    ///   - now: milliseconds of a monotonic clock.
    /// - Returns: whether the line is to be written.
    package mutating func judge(site: String, now: Int64) -> Verdict {
        guard var entry = sites[site] else {
            sites[site] = Site(lastMilliseconds: now)
            return .admit(heldBack: 0)
        }
        guard now - entry.lastMilliseconds >= intervalMilliseconds else {
            entry.heldBack += 1
            sites[site] = entry
            return .hold
        }
        let heldBack = entry.heldBack
        sites[site] = Site(lastMilliseconds: now)
        return .admit(heldBack: heldBack)
    }
}
