internal import Foundation

/// What the control groups of this process allow it.
enum ControlGroup {
    /// Files that hold a limit, of the process's own groups and those above them.
    ///
    /// Version 2 of control groups has one hierarchy, version 1 one for each kind. A container sees its own
    /// group at the top, under whatever name it has outside.
    ///
    /// - Parameters:
    ///   - groups: as `/proc/self/cgroup` has them.
    ///   - kind: `memory` or `cpu`.
    ///   - first: names of the files in version 1, read together.
    ///   - second: name of the file in version 2.
    /// - Returns: for each group, what is read together.
    static func files(_ groups: String, kind: String, first: [String], second: String) -> [[String]] {
        groups.split(separator: "\n").flatMap { line -> [[String]] in
            let words = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3 else { return [] }
            let isFirst = words[1].split(separator: ",").contains { $0 == kind }
            guard isFirst || words[1].isEmpty else { return [] }
            let top = isFirst ? "/sys/fs/cgroup/\(kind)" : "/sys/fs/cgroup"
            var path = words[2].split(separator: "/")
            var files: [[String]] = []
            while true {
                let folder = ([top] + path.map(String.init)).joined(separator: "/")
                files.append((isFirst ? first : [second]).map { "\(folder)/\($0)" })
                if path.popLast() == nil { return files }
            }
        }
    }

    /// The words of the files that can be read, a list for each group.
    static func limits(kind: String, first: [String], second: String) -> [[Substring]] {
        let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        return files(groups, kind: kind, first: first, second: second).map { files in
            files.flatMap { file in
                ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(
                    whereSeparator: \.isWhitespace
                )
                .map { Substring($0) }
            }
        }
    }
}
