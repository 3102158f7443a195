internal import Glibc

/// A file that is written in large blocks; `-` is standard output.
@safe package struct FileSink: ~Copyable {
    private static let blockBytes = 1 << 20

    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []

    /// - Throws: `ReplayError.cannotOpen`.
    package init(path: String) throws(ReplayError) {
        self.path = path
        descriptor =
            path == "-" ? STDOUT_FILENO : unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw .cannotOpen(path: path, code: errno) }
        pending.reserveCapacity(Self.blockBytes + 4_096)
    }

    deinit {
        if descriptor != STDOUT_FILENO { _ = close(descriptor) }
    }

    /// Adds bytes; they reach the file when a block is full or at `flush`.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ReplayError) {
        unsafe pending.append(contentsOf: bytes)
        if pending.count >= Self.blockBytes { try flush() }
    }

    package mutating func write(_ text: String) throws(ReplayError) {
        pending.append(contentsOf: text.utf8)
        if pending.count >= Self.blockBytes { try flush() }
    }

    package mutating func write(_ byte: UInt8) { pending.append(byte) }

    /// Writes what is pending.
    ///
    /// - Throws: `ReplayError.cannotWrite`, for example on a full disk or a closed pipe.
    package mutating func flush() throws(ReplayError) {
        var written = 0
        while written < pending.count {
            let count = unsafe pending.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .cannotWrite(path: path, code: errno)
            }
            written += count
        }
        pending.removeAll(keepingCapacity: true)
    }
}
