internal import Glibc
package import ShoalCore

/// A file as one chunk after the other.
package final class FileChunks {
    private static let chunkBytes = 1 << 20

    private let descriptor: Int32

    /// - Throws: If it cannot be opened.
    package init(path: String) throws(SnapshotError) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw .unreadable(SystemErrorText.of(errno)) }
    }

    deinit { _ = close(descriptor) }

    /// - Returns: the next bytes, none at the end.
    /// - Throws: If the system cannot read them.
    package func next() throws(SnapshotError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, count in
            repeat {
                let got = unsafe read(descriptor, buffer.baseAddress, buffer.count)
                failure = got < 0 ? errno : 0
                count = max(0, got)
            } while failure == EINTR
        }
        if failure != 0 { throw .unreadable(SystemErrorText.of(failure)) }
        return bytes
    }
}
