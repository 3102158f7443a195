internal import Foundation

/// How many processors' worth of time this process may use.
///
/// A container of two processors on a machine of 64 sees all of them; as many lanes would take turns.
enum ProcessorLimit {
    static var count: Int {
        let limits = ControlGroup.limits(
            kind: "cpu", first: ["cpu.cfs_quota_us", "cpu.cfs_period_us"], second: "cpu.max")
        return limits.compactMap(quota).reduce(ProcessInfo.processInfo.activeProcessorCount, min)
    }

    /// Whole processors, of a quota and its period in microseconds; a part of one counts as one.
    ///
    /// - Returns: `nil` if there is no quota: `max` in version 2 of control groups, −1 in version 1.
    static func quota(_ words: [Substring]) -> Int? {
        guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), quota > 0, period > 0
        else { return nil }
        return max(1, (quota + period - 1) / period)
    }
}
