internal import Logging
internal import ShoalKafka
internal import Synchronization

/// What the engine's threads log through: life cycle as it comes, repeated trouble throttled by site.
final class EngineLog: Sendable {
    private let logger: Logger
    private let throttle = Mutex(LogThrottle())
    /// Names of the clients that see no broker.
    private let awayClients = Mutex<Set<String>>([])

    init(_ logger: Logger) { self.logger = logger }

    func debug(_ message: String) { logger.debug("\(message)") }
    func info(_ message: String) { logger.info("\(message)") }
    func warning(_ message: String) { logger.warning("\(message)") }
    func error(_ message: String) { logger.error("\(message)") }

    /// Logs at most one line per site per 10 s.
    func throttledWarning(_ site: String, _ message: @autoclosure () -> String) {
        throttled(.warning, site, message())
    }

    private func throttled(_ level: Logger.Level, _ site: String, _ message: @autoclosure () -> String) {
        guard logger.logLevel <= level else { return }
        let now = SystemClock.monotonicMilliseconds
        guard case .admit(let heldBack) = throttle.withLock({ $0.judge(site: site, now: now) }) else {
            return
        }
        let more = heldBack > 0 ? " (and \(heldBack) more like it)" : ""
        logger.log(level: level, "\(message())\(more)")
    }

    /// Turns a client's events into log lines; what is fatal goes to `fail`.
    ///
    /// The broker's going is said once, whichever client sees it first, and so is its return.
    func sink(client: String, fail: @escaping @Sendable (KafkaError) -> Void) -> KafkaEventSink {
        { event in
            switch event {
            case .brokersAway(let error):
                let isFirst = self.awayClients.withLock { away in
                    away.insert(client)
                    return away.count == 1
                }
                if isFirst { self.warning("broker away, waiting for it: \(error)") }
            case .brokersBack:
                let isLast = self.awayClients.withLock { $0.remove(client) != nil && $0.isEmpty }
                if isLast { self.info("broker is back") }
            case .trouble(let error): self.throttledWarning("trouble", "\(client): \(error)")
            case .fatal(let error): fail(error)
            case .log(let line):
                self.throttled(.debug, "log \(line.facility)", "\(client): \(line.facility): \(line.text)")
            case .statistics: break
            }
        }
    }

    /// Whether the broker's going has been said, and its return has not.
    var hasSaidBrokerAway: Bool { awayClients.withLock { !$0.isEmpty } }

    /// A client is gone, so it no longer speaks for the broker.
    func forget(client: String) { _ = awayClients.withLock { $0.remove(client) } }
}
