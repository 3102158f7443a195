internal import Foundation
internal import Logging
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalService

/// An engine with the HTTP service beside it, as a configuration wants both.
struct ServiceHost {
    let engine: Engine
    private let service: HTTPService?
    /// The same at any port that is free, for when the usual one is taken.
    private let elsewhere: HTTPService?
    private let isRequired: Bool
    private let advertised: String?
    private let logger: Logger

    /// Makes both and starts neither.
    ///
    /// - Parameters:
    ///   - configuration: where it listens, and what it says of the features.
    ///   - settings: the engine's.
    ///   - logger: of both.
    ///   - takesAnyPort: whether another port will do where none was asked for.
    /// - Throws: What is wrong with the features.
    init(
        _ configuration: ShoalConfiguration, settings: EngineSettings, logger: Logger,
        takesAnyPort: Bool = false
    ) throws {
        self.logger = logger
        isRequired = configuration.http.isAddressRequired
        advertised = configuration.http.advertised
        guard let address = configuration.http.address else {
            engine = try Engine(settings: settings, logger: logger)
            (service, elsewhere) = (nil, nil)
            return
        }
        let feed = LiveFeed { SystemClock.monotonicMilliseconds }
        engine = try Engine(settings: settings, logger: logger, follower: feed)
        var generator = SystemRandomNumberGenerator()
        var wanted = ServiceSettings(
            host: address.host, port: address.port, isLoopback: address.isLoopback,
            identity: String(generator.next(), radix: 36), version: Shoal.version)
        wanted.connectionsMax = configuration.http.connectionsMax
        wanted.token = configuration.http.token?.revealed
        wanted.sensitiveReason = configuration.sensitiveReason
        for feature in configuration.features { wanted.featureWords[feature.name] = feature.words }
        service = HTTPService(settings: wanted, engine: engine, feed: feed, logger: logger)
        wanted.port = 0
        elsewhere =
            takesAnyPort && !isRequired
            ? HTTPService(settings: wanted, engine: engine, feed: feed, logger: logger) : nil
    }

    /// Starts both, the service first, so that the engine can tell its group where it answers.
    ///
    /// - Returns: the dashboard's address; `nil` where nothing listens.
    /// - Throws: `CommandError` if an address that was asked for cannot be had.
    func start() throws -> String? {
        var address: String?
        if let service {
            do {
                address = try service.start()
            } catch {
                guard !isRequired else { throw CommandError("\(error)") }
                address = try? elsewhere?.start()
                if address == nil { logger.warning("\(error); going on without it") }
            }
        }
        engine.start(advertising: address.map { advertised ?? $0 })
        return address
    }

    /// Ends the service; the engine is stopped by whoever waits for its work.
    func stopService() {
        service?.stop()
        elsewhere?.stop()
    }
}
