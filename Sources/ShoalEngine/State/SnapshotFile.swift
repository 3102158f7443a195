internal import Glibc

/// A snapshot on its way to the disk: whole under its name, or not there at all.
///
/// It is written under another name, made durable, and renamed; the directory is made durable last. After a
/// failed `fsync` the system may have dropped what was written while it says that all is well the next time
/// (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020), so the file is given
/// up, whatever went wrong.
@safe struct SnapshotFile: ~Copyable {
    private let directory: String
    private let partialPath: String
    private let path: String
    private let calls: FileCalls
    private let descriptor: Int32
    private(set) var byteCount = 0

    /// - Parameters:
    ///   - directory: where both names are.
    ///   - partialName: while it is not whole.
    ///   - name: when it is.
    ///   - calls: the system's.
    /// - Throws: If it cannot be made.
    init(
        directory: String, partialName: String, name: String, calls: FileCalls
    ) throws(SnapshotStoreError) {
        self.directory = directory
        partialPath = "\(directory)/\(partialName)"
        path = "\(directory)/\(name)"
        self.calls = calls
        // Readable by its owner alone: it holds who does what.
        descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw .system(verb: "be made", path: partialPath, code: errno) }
    }

    deinit {
        _ = close(descriptor)
        _ = unsafe unlink(partialPath)
    }

    /// - Throws: If not all of it can be written; the file is to be given up then.
    mutating func write(_ bytes: [UInt8]) throws(SnapshotStoreError) {
        var written = 0
        while written < bytes.count {
            let count = calls.write(descriptor, bytes[written...])
            if count < 0, errno == EINTR { continue }
            // A disk that takes nothing and says nothing is full.
            if count <= 0 {
                throw .system(verb: "be written", path: partialPath, code: count < 0 ? errno : ENOSPC)
            }
            written += count
        }
        byteCount += bytes.count
    }

    /// Gives the file its name.
    ///
    /// - Throws: If it is not known to be durable; it then does not have its name, but for a directory that
    ///   could not be made durable.
    consuming func commit() throws(SnapshotStoreError) {
        if calls.synchronise(descriptor) != 0 {
            throw .system(verb: "be made durable", path: partialPath, code: errno)
        }
        CrashPoint.snapshotWritten.reach()
        if calls.rename(partialPath, path) != 0 {
            throw .system(verb: "be renamed", path: partialPath, code: errno)
        }
        CrashPoint.snapshotRenamed.reach()
        try Self.synchronise(directory, calls: calls)
    }

    /// Makes the names in a directory durable.
    static func synchronise(_ directory: String, calls: FileCalls) throws(SnapshotStoreError) {
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw .system(verb: "be opened", path: directory, code: errno) }
        defer { _ = close(descriptor) }
        if calls.synchronise(descriptor) != 0 {
            throw .system(verb: "be made durable", path: directory, code: errno)
        }
    }
}
