internal import Foundation

/// A blocking TCP socket on 127.0.0.1, closed when it is released.
final class LoopbackSocket: Sendable {
    /// Why the system refused a socket.
    struct Failure: Error { let what: String }

    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { Foundation.close(descriptor) }

    /// Listens on `port` of 127.0.0.1, or on a free one when it is 0.
    static func listening(on port: UInt16) throws(Failure) -> LoopbackSocket {
        let socket = try make()
        var on: Int32 = 1
        let backlog: Int32 = 64
        unsafe setsockopt(
            socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe withAddress(port, { unsafe bind(socket.descriptor, $0, $1) }) == 0,
            listen(socket.descriptor, backlog) == 0
        else { throw lastFailure() }
        return socket
    }

    static func connected(to port: UInt16) throws(Failure) -> LoopbackSocket {
        let socket = try make()
        guard unsafe withAddress(port, { unsafe connect(socket.descriptor, $0, $1) }) == 0 else {
            throw lastFailure()
        }
        socket.sendAtOnce()
        return socket
    }

    /// The next client; `nil` when shut down or out of file descriptors.
    func accept() -> LoopbackSocket? {
        var accepted: Int32
        repeat {
            accepted = Foundation.accept(descriptor, nil, nil)
        } while accepted < 0 && (errno == EINTR || errno == ECONNABORTED)
        guard accepted >= 0 else { return nil }
        let socket = LoopbackSocket(accepted)
        socket.sendAtOnce()
        return socket
    }

    var localPort: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // Safe: the system writes at most `size` bytes, the size of the structure.
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(descriptor, address, &size)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Exactly `count` bytes; `nil` at the end or after an error.
    func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe recv(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).baseAddress,
                    count - filled, 0)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }

    /// True when every byte was taken.
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let took = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(
                    descriptor, UnsafeRawBufferPointer(rebasing: buffer[sent...]).baseAddress,
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if took < 0, errno == EINTR { continue }
            guard took > 0 else { return false }
            sent += took
        }
        return true
    }

    /// Makes every call on this socket return, from any thread.
    func shutDown() { _ = Foundation.shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func sendAtOnce() {
        var on: Int32 = 1
        unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func make() throws(Failure) -> LoopbackSocket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw lastFailure() }
        return LoopbackSocket(descriptor)
    }

    private static func lastFailure() -> Failure { Failure(what: unsafe text(strerror(errno)) ?? "unknown") }

    private static func withAddress(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian  // 127.0.0.1
        // Safe: a sockaddr_in is what the system reads behind a sockaddr of this family and size.
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
