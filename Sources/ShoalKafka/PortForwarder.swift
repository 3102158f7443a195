internal import CRdKafka
internal import Foundation
internal import Synchronization

/// Listens on a chosen loopback port for a broker that listens on another, and makes the broker's answers
/// name the chosen port, so that clients stay with it.
///
/// Two threads per connection, each blocked on one direction: right for a handful of development clients.
final class PortForwarder: Sendable {
    let port: UInt16
    private let upstreamPort: UInt16
    private let listener: LoopbackSocket
    private let connections = Mutex<[ObjectIdentifier: ForwardedConnection]>([:])

    /// Listens at once and forwards until stopped.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - upstreamPort: Where the broker listens.
    /// - Throws: When the port is taken or needs rights this process lacks.
    init(port: UInt16, upstreamPort: UInt16) throws(KafkaError) {
        do {
            listener = try LoopbackSocket.listening(on: port)
        } catch {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__FAIL, place: "listen on 127.0.0.1:\(port)", what: error.what,
                advice: "stop what listens there, or choose another port")
        }
        self.port = listener.localPort
        self.upstreamPort = upstreamPort
        Thread.detachNewThread { self.acceptUntilStopped() }
    }

    /// Ends all connections and the listener.
    func stop() {
        listener.shutDown()
        for connection in connections.withLock({ Array($0.values) }) { connection.end() }
    }

    private func acceptUntilStopped() {
        while let socket = listener.accept() {
            guard let upstream = try? LoopbackSocket.connected(to: upstreamPort) else {
                continue  // The broker is down: the client sees its connection close.
            }
            let connection = ForwardedConnection(
                client: socket, upstream: upstream, port: port, upstreamPort: upstreamPort)
            connections.withLock { $0[ObjectIdentifier(connection)] = connection }
            Thread.detachNewThread { connection.forwardRequests() }
            Thread.detachNewThread {
                connection.forwardAnswers()
                _ = self.connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
            }
        }
    }
}
