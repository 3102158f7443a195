internal import Foundation
internal import ShoalEngine

/// How much memory the system lets the daemon have, and what of it may hold records on their way.
///
/// Profiles have a bound of their own, `limits.max_customers`. What librdkafka holds has one that suits a
/// machine with gigabytes, and would have a container with less killed at its first backlog.
enum MemoryLimit {
    /// Of the limit: what all lanes may have read ahead, and what they may have written that no broker has.
    private static let readAheadShare = 4
    private static let unsentShare = 8
    /// A record of a million bytes must find room.
    private static let kilobytesMin = 2_048

    /// Bytes that the control groups of this process, or the machine, leave it.
    static var bytes: UInt64 {
        let limits = ControlGroup.limits(
            kind: "memory", first: ["memory.limit_in_bytes"], second: "memory.max")
        return limits.compactMap { $0.first.flatMap { UInt64($0) } }
            .reduce(ProcessInfo.processInfo.physicalMemory, min)
    }

    /// Bounds what each lane's clients hold, where the operator does not.
    static func bound(_ settings: inout EngineSettings, by bytes: UInt64 = Self.bytes) {
        func kilobytes(_ share: Int, most: Int) -> Int {
            let part = bytes / UInt64(share * max(1, settings.lanes)) / 1_024
            return max(kilobytesMin, Int(min(part, UInt64(most))))
        }
        settings.readAheadKilobytes = kilobytes(readAheadShare, most: settings.readAheadKilobytes)
        settings.unsentKilobytes = kilobytes(unsentShare, most: settings.unsentKilobytes)
    }
}
