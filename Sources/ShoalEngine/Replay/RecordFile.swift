internal import Glibc

/// Lines of a file, lent one by one from a large block; compressed files are unpacked by their own tools.
///
/// `-` is standard input. A file named `.gz`, `.zst`, `.lz4` or `.xz` is read through `gzip`, `zstd`, `lz4`
/// or `xz`, which run beside this process and so cost it no time.
@safe struct RecordFile: ~Copyable {
    /// One line without its line break; the bytes are lent until the next call.
    @safe struct Line {
        let bytes: UnsafeRawBufferPointer
        /// From 1.
        let number: Int

        /// Nothing but white space: no record.
        var isBlank: Bool {
            for index in 0..<(unsafe bytes.count) {
                let byte = unsafe bytes[index]
                if byte != 0x20, byte != 0x09, byte != 0x0d { return false }
            }
            return true
        }
    }

    private static let blockBytes = 1 << 20
    /// A longer line is handed out in part, which no limit on records accepts, and the rest skipped.
    private static let lineBytesMax = 64 << 20
    /// Readable bytes after every line, for parsers that read in strides.
    static let paddingBytes = 64

    let path: String
    private let descriptor: Int32
    private let unpacker: Unpacker?

    // Owned by this value alone and freed in `deinit`; `start ..< end` holds bytes read, `paddingBytes`
    // follow.
    private var block: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var start = 0
    private var end = 0
    /// Bytes from `start` on that are known to hold no line break.
    private var searched = 0
    private var isAtEnd = false
    private var skipsRest = false
    private var lineNumber = 0

    /// The size of the file on disk, 0 where it is not known.
    let bytesOnDisk: Int

    /// Opens a file and starts the program that unpacks it, if it needs one.
    ///
    /// - Throws: `ReplayError.cannotOpen` or `.cannotUnpack`.
    static func open(path: String) throws(ReplayError) -> RecordFile {
        let file = path == "-" ? STDIN_FILENO : unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 { throw .cannotOpen(path: path, code: errno) }
        var status = stat()
        let bytesOnDisk = unsafe fstat(file, &status) == 0 && status.st_size > 0 ? Int(status.st_size) : 0
        if status.st_mode & S_IFMT == S_IFDIR {
            close(file)
            throw .cannotOpen(path: path, code: EISDIR)
        }
        let unpacker: Unpacker? =
            if let tool = Unpacker.tool(for: path) { try Unpacker(path: path, tool: tool, input: file) } else
            { nil }
        return RecordFile(
            path: path, descriptor: unpacker?.output ?? file, unpacker: unpacker, bytesOnDisk: bytesOnDisk)
    }

    private init(path: String, descriptor: Int32, unpacker: Unpacker?, bytesOnDisk: Int) {
        self.path = path
        self.descriptor = descriptor
        self.unpacker = unpacker
        self.bytesOnDisk = bytesOnDisk
        capacity = Self.blockBytes
        unsafe block = .allocate(capacity: capacity + Self.paddingBytes)
        unsafe block.initialize(repeating: 0, count: capacity + Self.paddingBytes)
    }

    deinit {
        unsafe block.deallocate()
        if descriptor != STDIN_FILENO { close(descriptor) }
        unpacker?.stop()
    }

    /// Bytes of the file on disk that have been read so far.
    var bytesRead: Int {
        let offset = unpacker.map { $0.inputOffset } ?? Int(lseek(descriptor, 0, SEEK_CUR))
        return max(0, offset - (unpacker == nil ? end - start : 0))
    }

    /// Lends the next line if all of it has been read.
    mutating func nextAtHand() -> Line? {
        while let found = unsafe memchr(block + start + searched, 0x0a, end - start - searched) {
            let length = unsafe found.assumingMemoryBound(to: UInt8.self) - (block + start)
            let lineStart = start
            start += length + 1
            searched = 0
            if !skipsRest { return line(lineStart, length) }
            skipsRest = false
        }
        searched = end - start
        return nil
    }

    /// Lends the next line, or `nil` at the end; waits for it where the file is a pipe.
    ///
    /// - Throws: `ReplayError` if reading or unpacking fails.
    mutating func next() throws(ReplayError) -> Line? {
        while true {
            if let line = nextAtHand() { return line }
            let isTooLong = searched >= Self.lineBytesMax
            if isAtEnd || isTooLong {
                let length = searched
                start = end
                searched = 0
                let isWanted = length > 0 && !skipsRest
                if !isAtEnd { skipsRest = true }
                if isWanted { return line(end - length, length) }
                if isAtEnd { return nil }
            }
            try fill()
        }
    }

    private mutating func line(_ offset: Int, _ length: Int) -> Line {
        lineNumber += 1
        var length = length
        // Files made on Windows end their lines with two bytes.
        if length > 0, unsafe block[offset + length - 1] == 0x0d { length -= 1 }
        return unsafe Line(
            bytes: UnsafeRawBufferPointer(start: block + offset, count: length), number: lineNumber)
    }

    /// Moves what is left to the front, makes room and reads more.
    private mutating func fill() throws(ReplayError) {
        let kept = end - start
        if start > 0 {
            unsafe memmove(block, block + start, kept)
            start = 0
            end = kept
        }
        if capacity - end < capacity / 4 {
            let larger = capacity * 2
            let next = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.paddingBytes)
            unsafe next.initialize(repeating: 0, count: larger + Self.paddingBytes)
            unsafe next.update(from: block, count: end)
            unsafe block.deallocate()
            unsafe block = next
            capacity = larger
        }
        while true {
            let count = unsafe read(descriptor, block + end, capacity - end)
            if count > 0 {
                end += count
                return
            }
            if count == 0 {
                isAtEnd = true
                if let failure = unpacker?.finish() { throw failure }
                return
            }
            if errno != EINTR { throw .cannotRead(path: path, code: errno) }
        }
    }
}
