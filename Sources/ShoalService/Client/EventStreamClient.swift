internal import Dispatch
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Reads one stream of server-sent events over HTTP/1.1, for a command that waits for nothing else.
package struct EventStreamClient: Sendable {
    /// Why a stream ended, in words for the operator.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        /// Whether it is worth another attempt.
        package let isTemporary: Bool
    }

    let host: String
    let port: Int
    /// With the query.
    let path: String
    let token: String?

    /// - Parameters:
    ///   - host: a name or an address.
    ///   - port: of the daemon.
    ///   - path: with the query.
    ///   - token: for a daemon that is not on this machine.
    package init(host: String, port: Int, path: String, token: String?) {
        self.host = host
        self.port = port
        self.path = path
        self.token = token
    }

    /// Reads until the stream ends.
    ///
    /// Blocks; `receive` is called on another thread, one event after the other.
    ///
    /// - Parameters:
    ///   - lastEventID: to go on after; `nil` begins with what comes next.
    ///   - receive: gets each event, and says whether more are wanted.
    /// - Throws: Why it ended, unless no more was wanted.
    package func read(
        after lastEventID: String?, _ receive: @escaping @Sendable (EventStreamParser.Event) -> Bool
    ) throws(Failure) {
        let reader = EventStreamReader(
            request: request(after: lastEventID), receive: receive)
        let ended = DispatchSemaphore(value: 0)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        EventStreamHandler(reader: reader))
                }
            }
        bootstrap.connect(host: host, port: port).whenComplete { result in
            switch result {
            case .failure(let error):
                reader.fail("cannot connect to \(host):\(port): \(error)", isTemporary: true)
                ended.signal()
            case .success(let channel): channel.closeFuture.whenComplete { _ in ended.signal() }
            }
        }
        ended.wait()
        if let failure = reader.failure { throw failure }
        if !reader.isSatisfied {
            throw Failure(description: "\(host):\(port) has closed the stream", isTemporary: true)
        }
    }

    private func request(after lastEventID: String?) -> HTTPRequestHead {
        var headers = HTTPHeaders([("host", "\(host):\(port)"), ("accept", "text/event-stream")])
        if let token { headers.add(name: "authorization", value: "Bearer \(token)") }
        if let lastEventID { headers.add(name: "last-event-id", value: lastEventID) }
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
    }
}
