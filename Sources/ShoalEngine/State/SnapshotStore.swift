internal import Foundation
package import ShoalCore

/// The snapshots of one deployment in one directory, the newest of each partition first.
///
/// Names are `partition-3.000000000042.snapshot`; the number grows by one. Instances on one machine may share
/// the directory: a partition has one owner, and what two owners in turn write are two files. Nothing is
/// believed because of its name.
package struct SnapshotStore: Sendable {
    /// How names of whole snapshots end.
    package static let suffix = ".snapshot"
    private static let prefix = "partition-"
    private static let partialSuffix = ".partial"
    private static let digits = 12

    package let directory: String
    /// Snapshots of a partition that are kept, at least 1.
    package let keptCount: Int
    private let calls: FileCalls

    package init(directory: String, keptCount: Int = 2, calls: FileCalls = .system) {
        precondition(keptCount > 0, "The settings were checked.")
        self.directory = directory
        self.keptCount = keptCount
        self.calls = calls
    }

    /// Makes the directory if there is none.
    ///
    /// - Throws: If snapshots cannot be written there.
    package func prepare() throws(SnapshotStoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .system(verb: "be made", path: directory, code: Self.code(of: error))
        }
        if unsafe access(directory, W_OK | X_OK) != 0 {
            throw .system(verb: "be written to", path: directory, code: errno)
        }
    }

    private static func code(of error: any Error) -> Int32 {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return Int32(clamping: underlying?.code ?? Int(EIO))
    }

    // MARK: Writing

    /// Begins a snapshot file of a partition that is owned.
    ///
    /// - Throws: If it cannot be made.
    func begin(partition: Int32) throws(SnapshotStoreError) -> SnapshotFile {
        // What a crash left half written is of no use to anybody.
        for name in names(of: partition, suffix: Self.partialSuffix) { remove(name) }
        let newest = names(of: partition).first.flatMap { Self.number(of: $0) } ?? 0
        let stem = Self.stem(of: partition) + Self.padded(newest + 1)
        return try SnapshotFile(
            directory: directory, partialName: "\(stem).\(getpid())\(Self.partialSuffix)",
            name: stem + Self.suffix, calls: calls)
    }

    /// Removes snapshots that are not needed after the newest, or must not be there after it.
    ///
    /// A customer who has been forgotten must be in no older file; those files go at once, after the newest
    /// has been read back.
    ///
    /// - Throws: If the newest is not as it should be; then nothing is removed.
    func retire(partition: Int32, erasedCount: Int) throws(SnapshotStoreError) {
        let names = names(of: partition)
        let older = Array(names.dropFirst())
        let surplus = older.dropFirst(keptCount - 1)
        let forbidden = older.prefix(keptCount - 1).filter {
            (try? header(ofFile: path($0)))?.counters.erased != erasedCount
        }
        if !forbidden.isEmpty, let newest = names.first { try Self.verify(file: path(newest)) }
        for name in surplus + forbidden { remove(name) }
        if !surplus.isEmpty || !forbidden.isEmpty {
            try SnapshotFile.synchronise(directory, calls: calls)
        }
    }

    private func remove(_ name: String) { _ = unsafe unlink(path(name)) }

    // MARK: Reading

    /// Paths of a partition's snapshots, newest first.
    package func files(of partition: Int32) -> [String] { names(of: partition).map(path) }

    /// What a file is a snapshot of.
    ///
    /// - Throws: If its header is not whole.
    package func header(ofFile path: String) throws(SnapshotStoreError) -> SnapshotHeader {
        try Self.reader(ofFile: path).header
    }

    /// What the newest sound snapshots are of.
    ///
    /// - Parameter report: gets every snapshot that is passed over, with its reason.
    /// - Returns: one for each partition that has any, in order.
    package func newestHeaders(report: (SnapshotStoreError) -> Void) -> [SnapshotHeader] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return Set(names.compactMap { Self.partition(ofName: $0) }).sorted().compactMap { partition in
            for path in files(of: partition) {
                do throws(SnapshotStoreError) {
                    return try Self.verify(file: path)
                } catch {
                    report(error)
                }
            }
            return nil
        }
    }

    /// Up to where a partition of the input was processed, as its newest snapshot of a cluster says.
    ///
    /// - Returns: `nil` if there is none, or nothing was.
    func processedOffset(ofTopic topic: String, partition: Int32, cluster: String) -> Int64? {
        for path in files(of: partition) {
            guard let place = try? header(ofFile: path).place, place.cluster == cluster,
                let input = place.inputs.first(where: { $0.topic == topic })
            else { continue }
            return input.offset > 0 ? input.offset : nil
        }
        return nil
    }

    /// Reads a whole file and looks at everything in it.
    ///
    /// - Returns: what it is a snapshot of.
    /// - Throws: If anything is wrong with it.
    @discardableResult
    package static func verify(file path: String) throws(SnapshotStoreError) -> SnapshotHeader {
        let reader = try reader(ofFile: path)
        let header = reader.header
        do {
            try reader.verify()
        } catch {
            throw .snapshot(path: path, error)
        }
        return header
    }

    /// Begins to read a file.
    ///
    /// - Throws: If its header is not whole.
    package static func reader(ofFile path: String) throws(SnapshotStoreError) -> SnapshotReader {
        do {
            let chunks = try FileChunks(path: path)
            return try SnapshotReader { () throws(SnapshotError) in try chunks.next() }
        } catch {
            throw .snapshot(path: path, error)
        }
    }

    // MARK: Names

    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    private static func stem(of partition: Int32) -> String { "\(prefix)\(partition)." }

    private static func partition(ofName name: String) -> Int32? {
        let parts = name.split(separator: ".")
        guard parts.count >= 3, parts[0].hasPrefix(prefix) else { return nil }
        return Int32(parts[0].dropFirst(prefix.count))
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, Self.digits - digits.count)) + digits
    }

    private static func number(of name: String) -> Int? {
        let parts = name.split(separator: ".")
        return parts.count >= 3 ? Int(parts[1]) : nil
    }

    /// Names of a partition's files, newest first.
    private func names(of partition: Int32, suffix: String = Self.suffix) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter {
            $0.hasPrefix(Self.stem(of: partition)) && $0.hasSuffix(suffix) && Self.number(of: $0) != nil
        }.sorted { (Self.number(of: $0) ?? 0, $0) > (Self.number(of: $1) ?? 0, $1) }
    }
}
