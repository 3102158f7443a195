internal import Synchronization

/// One client's connection through `PortForwarder`.
///
/// A Kafka frame is a 32-bit size and that many bytes; a request's begin with API key (16 bits), version
/// (16) and correlation id (32), an answer's with the correlation id (Kafka protocol guide, "Protocol
/// primitives"). Only answers that list broker addresses are looked into.
final class ForwardedConnection: Sendable {
    private let client: LoopbackSocket
    private let upstream: LoopbackSocket
    private let address: (from: [UInt8], to: [UInt8])
    private let addressRequests = Mutex<Set<Int32>>([])

    /// Metadata and FindCoordinator, the mock cluster's requests whose answers hold broker addresses.
    private static let addressAPIKeys: Set<Int32> = [3, 10]
    private static let chunkBytes = 65_536

    init(client: LoopbackSocket, upstream: LoopbackSocket, port: UInt16, upstreamPort: UInt16) {
        self.client = client
        self.upstream = upstream
        address = (Self.encode(port: upstreamPort), Self.encode(port: port))
    }

    /// Host and port as they stand next to each other in an answer, the host's length left out because
    /// its width differs between versions.
    private static func encode(port: UInt16) -> [UInt8] {
        Array("127.0.0.1".utf8) + [0, 0, UInt8(port >> 8), UInt8(port & 0xff)]
    }

    /// Makes both directions return.
    func end() {
        client.shutDown()
        upstream.shutDown()
    }

    func forwardRequests() {
        defer { end() }
        let headerBytes = 8
        while let sizeField = client.read(4) {
            let size = Self.integer(sizeField)
            guard size >= headerBytes, let header = client.read(headerBytes) else { return }
            if Self.addressAPIKeys.contains(Self.integer(header[0..<2])) {
                _ = addressRequests.withLock { $0.insert(Self.integer(header[4..<8])) }
            }
            guard upstream.write(sizeField + header),
                copy(Int(size) - headerBytes, from: client, to: upstream)
            else { return }
        }
    }

    func forwardAnswers() {
        defer { end() }
        while let sizeField = upstream.read(4) {
            let size = Int(Self.integer(sizeField))
            guard size >= 4, let correlation = upstream.read(4) else { return }
            let names = addressRequests.withLock { $0.remove(Self.integer(correlation)) != nil }
            guard client.write(sizeField + correlation) else { return }
            if names {
                guard let body = upstream.read(size - 4), client.write(rewritten(body)) else { return }
            } else {
                guard copy(size - 4, from: upstream, to: client) else { return }
            }
        }
    }

    private func copy(_ count: Int, from source: LoopbackSocket, to target: LoopbackSocket) -> Bool {
        var left = count
        while left > 0 {
            guard let chunk = source.read(min(left, Self.chunkBytes)), target.write(chunk) else {
                return false
            }
            left -= chunk.count
        }
        return true
    }

    private func rewritten(_ body: [UInt8]) -> [UInt8] {
        var body = body
        let width = address.from.count
        var start = 0
        while start + width <= body.count {
            if body[start..<start + width].elementsEqual(address.from) {
                body.replaceSubrange(start..<start + width, with: address.to)
                start += width
            } else {
                start += 1
            }
        }
        return body
    }

    /// Big-endian, of 2 or 4 bytes.
    private static func integer(_ bytes: some Collection<UInt8>) -> Int32 {
        Int32(bitPattern: bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
}
