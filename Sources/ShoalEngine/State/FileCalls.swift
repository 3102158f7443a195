internal import Glibc

/// The system calls that make a file durable; tests put failing ones in their place.
package struct FileCalls: Sendable {
    /// As `write(2)`.
    package var write: @Sendable (_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int
    /// As `fsync(2)`.
    package var synchronise: @Sendable (_ descriptor: Int32) -> Int32
    /// As `rename(2)`.
    package var rename: @Sendable (_ from: String, _ to: String) -> Int32

    /// Those of the system.
    package static let system = FileCalls(
        write: { descriptor, bytes in
            unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        },
        synchronise: { fsync($0) },
        rename: { unsafe Glibc.rename($0, $1) })
}
