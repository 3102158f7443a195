internal import Foundation
internal import ShoalSimulator

/// Writes lines to standard output through a large buffer; a reader who leaves ends the stream quietly.
///
/// Expects SIGPIPE to be ignored, as `Interruption.watch` sees to.
struct StandardOutputSink: SimulationSink {
    /// Four times what a pipe holds, so that system calls do not show.
    static let bufferBytes = 262_144

    private var buffer: [UInt8] = []

    mutating func write(_ count: Int, from simulator: inout ShopSimulator) throws -> Bool {
        for _ in 0..<count {
            guard simulator.append(to: &buffer) != nil else {
                _ = try flush()
                return false
            }
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count >= Self.bufferBytes {
                guard try flush() else { return false }
            }
        }
        return try flush()
    }

    mutating func finish() throws {}

    /// Writes the buffer out; false if the reader has gone.
    private mutating func flush() throws -> Bool {
        defer { buffer.removeAll(keepingCapacity: true) }
        var written = 0
        while written < buffer.count {
            // Safe: the buffer is lent for the call and outlives it.
            let count = unsafe buffer.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
                return unsafe Foundation.write(STDOUT_FILENO, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                written += count
                continue
            }
            let code = errno
            if code == EPIPE { return false }
            guard code == EINTR else {
                let reason = unsafe String(cString: strerror(code))
                throw CommandError("standard output: \(reason); free space or write elsewhere.")
            }
        }
        return true
    }
}
