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
        let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        return files(groups).compactMap(limit).reduce(ProcessInfo.processInfo.physicalMemory, min)
    }

    /// Where the limits of a process stand: its groups' and those above them.
    ///
    /// Version 2 of control groups has one hierarchy, version 1 one for memory. A container sees its own
    /// group at the top, under whatever name it has outside.
    static func files(_ groups: String) -> [String] {
        groups.split(separator: "\n").flatMap { line -> [String] in
            let words = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3 else { return [] }
            let isFirst = words[1].split(separator: ",").contains("memory")
            guard isFirst || words[1].isEmpty else { return [] }
            let top = isFirst ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
            var path = words[2].split(separator: "/")
            var files: [String] = []
            while true {
                let folder = ([top] + path.map(String.init)).joined(separator: "/")
                files.append(folder + (isFirst ? "/memory.limit_in_bytes" : "/memory.max"))
                if path.popLast() == nil { return files }
            }
        }
    }

    private static func limit(of file: String) -> UInt64? {
        (try? String(contentsOfFile: file, encoding: .utf8)).flatMap {
            UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
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
