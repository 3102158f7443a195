internal import Dispatch
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
package import ShoalEngine
internal import ServiceLifecycle
internal import Synchronization

/// Dashboard, API and metrics of one engine, over HTTP/1.1.
///
/// Whatever happens here, the engine goes on: requests ask it through bounded mailboxes, and what is told to
/// subscribers is read from Kafka as anybody would.
package final class HTTPService: Sendable {
    private struct Running {
        let group: ServiceGroup
        let task: Task<Void, Never>
        let threads: MultiThreadedEventLoopGroup
    }

    /// Connections that streams may not take, so that health and metrics always get through.
    private static let reservedShare = 4
    private static let headerBytesMax = 16_384
    private static let headersMax = 100
    private static let stopSeconds = 2
    private static let startSeconds = 10

    private let state: ServiceState
    private let running = Mutex<Running?>(nil)

    /// - Parameters:
    ///   - settings: checked by the caller.
    ///   - engine: not started yet, so that it can advertise the address.
    ///   - feed: the engine's follower.
    ///   - logger: where it says what it does, and who changes what.
    package init(settings: ServiceSettings, engine: Engine, feed: LiveFeed, logger: Logger) {
        let streamsMax = settings.connectionsMax - settings.connectionsMax / Self.reservedShare
        state = ServiceState(
            settings: settings, engine: engine, feed: feed, watch: EngineWatch(),
            personas: PersonaCache(engine: engine), subscribers: SubscriberList(countMax: streamsMax),
            lookUps: LookUps(), pulse: Pulse(), logger: logger)
    }

    /// Starts to listen, and waits until it does.
    ///
    /// - Returns: the address to open, as `http://127.0.0.1:8080`.
    /// - Throws: `HTTPServiceError` if the address cannot be had.
    package func start() throws(HTTPServiceError) -> String {
        let outcome = StartOutcome()
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let application = application(on: threads) { outcome.settle(.success($0)) }
        // Nobody asks it to stop but `stop`; signals are the command's.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application, EngineLook(state: state)],
                gracefulShutdownSignals: [], logger: Self.quiet(state.logger)))
        let place = "\(state.settings.host):\(state.settings.port)"
        let task = Task(executorPreference: EventLoopTasks(threads.next())) {
            do {
                try await group.run()
                outcome.settle(.failure(HTTPServiceError(address: place, reason: "it ended")))
            } catch {
                outcome.settle(.failure(HTTPServiceError(address: place, reason: Self.words(of: error))))
            }
        }
        let port: Int
        do {
            port = try outcome.wait(seconds: Self.startSeconds)
        } catch {
            // Its thread goes with it, or one would be left over where another port is tried.
            task.cancel()
            Task {
                await task.value
                try? await threads.shutdownGracefully()
            }
            throw error
        }
        running.withLock { $0 = Running(group: group, task: task, threads: threads) }
        return "http://\(Self.urlHost(state.settings.host)):\(port)"
    }

    /// Ends streams and requests, and stops to listen.
    ///
    /// Blocks, for a bounded time.
    package func stop() {
        state.feed.close()
        guard let running = running.withLock({ $0.take() }) else { return }
        let ended = DispatchSemaphore(value: 0)
        Task {
            await running.group.triggerGracefulShutdown()
            await running.task.value
            ended.signal()
        }
        if ended.wait(timeout: SystemClock.deadline(afterMilliseconds: Int64(Self.stopSeconds) * 1_000))
            == .timedOut
        {
            running.task.cancel()
        }
        running.threads.shutdownGracefully { _ in }
    }

    private func application(
        on threads: MultiThreadedEventLoopGroup, _ isListening: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        let settings = state.settings
        let routes: [Route] =
            PageRoutes(state: state).all + HealthRoutes(state: state).all + MetricsRoutes(state: state).all
            + SegmentRoutes(state: state).all + CustomerRoutes(state: state).all
            + ModelRoutes(state: state).all + StreamRoutes(state: state).all
        let router = Route.router(
            routes,
            middleware: AccessMiddleware(
                host: settings.host, isLoopback: settings.isLoopback, token: settings.token.map(APIToken.init)
            ))
        let logger = Self.quiet(state.logger)
        return Application(
            router: router,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [RequestDeadline()],
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: Self.headerBytesMax, maxHeaderListSize: Self.headerBytesMax,
                        maxHeaderFieldCount: Self.headersMax))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil,
                availableConnectionsDelegate: .maximum(settings.connectionsMax, logger: logger)),
            onServerRunning: { channel in isListening(channel.localAddress?.port ?? settings.port) },
            eventLoopGroupProvider: .shared(threads), logger: logger)
    }

    /// What the system says where it is the system that refuses.
    private static func words(of error: any Error) -> String {
        (error as? IOError).map { SystemErrorText.of($0.errnoCode) } ?? "\(error)"
    }

    /// The framework's life is no news of the daemon's.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    private static func urlHost(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "::": "127.0.0.1"
        default: host.contains(":") ? "[\(host)]" : host
        }
    }
}
