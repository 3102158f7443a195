internal import ArgumentParser
internal import Foundation
internal import Logging
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine

/// The daemon.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Segments customers live: reads events from Kafka and writes every change of segment back.",
        discussion: """
            Input topics must exist, with equal partition counts and keyed by customer; the topics it writes \
            are created if the broker allows it. Ctrl-C or SIGTERM ends it gracefully within 10 seconds, a \
            second one at once. Several instances with the same kafka.group share the work.
            """)

    private static let tickSeconds = 0.1
    private static let statusSeconds = 10.0

    @Option(name: .customLong("config"), help: "The YAML file; without it, the defaults.")
    var configurationFile: String?
    @Option(help: "End gracefully after so many seconds.")
    var duration: Double?
    @Option(help: "End gracefully once nothing has been left to do for so many seconds, with a summary.")
    var stopWhenIdle: Double?
    @Option(help: "How log lines look: text or json; overrides the configuration.")
    var logFormat: String?

    func validate() throws {
        for (name, seconds) in [("duration", duration), ("stop-when-idle", stopWhenIdle)] {
            if let seconds, !(seconds > 0 && seconds.isFinite) {
                throw ValidationError("--\(name) must be a number of seconds above 0, not \(seconds).")
            }
        }
        if let logFormat, LineLogHandler.Format(rawValue: logFormat) == nil {
            throw ValidationError("--log-format must be text or json, not \"\(logFormat)\".")
        }
    }

    func run() throws {
        Interruption.watch()
        // A terminal that closes takes its shell along, not a daemon.
        signal(SIGHUP, SIG_IGN)
        // A file that may not grow any further is an error of that write, as a full disk is.
        signal(SIGXFSZ, SIG_IGN)
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        let logger = RunLog.logger(configuration.log, format: logFormat)
        let settings = try RunSettings.settings(of: configuration)
        try OpenFiles.raise(lanes: settings.lanes)
        let host = try ServiceHost(configuration, settings: settings, logger: logger)
        let engine = host.engine
        logger.info("shoal starts: \(configuration.kafka.bootstrap), group \(configuration.kafka.group)")
        if let address = try host.start() { logger.info("dashboard and API: \(address)") }
        let result = watch(engine, logger)
        let isOver = engine.stop()
        host.stopService()
        if let failure = engine.failure { throw CommandError("shoal run: \(failure)") }
        guard isOver else { throw CommandError("shoal run: could not stop within 10 s") }
        logger.info("stopped: everything processed is committed")
        if stopWhenIdle != nil { print(RunSummary(of: engine.status(), activeSeconds: result).text) }
    }

    /// Waits for a reason to end, and says now and then how it goes.
    ///
    /// - Returns: Seconds from the first record to the last.
    private func watch(_ engine: Engine, _ logger: Logger) -> Double {
        let started = ContinuousClock.now
        var firstRecordAt: ContinuousClock.Instant?
        var lastRecordAt = started
        var saidStatusAt = started
        var records = 0
        while !Interruption.isRequested, engine.failure == nil {
            Thread.sleep(forTimeInterval: Self.tickSeconds)
            let now = ContinuousClock.now
            let status = engine.status()
            if status.records > records {
                if firstRecordAt == nil { firstRecordAt = now }
                lastRecordAt = now
                records = status.records
            }
            if let duration, now - started >= .seconds(duration) { break }
            if !status.isIdle { lastRecordAt = now }
            if let stopWhenIdle, status.isIdle, now - lastRecordAt >= .seconds(stopWhenIdle) { break }
            if now - saidStatusAt >= .seconds(Self.statusSeconds) {
                saidStatusAt = now
                logger.info("\(RunStatusLine.text(of: status))")
            }
        }
        return firstRecordAt.map { (lastRecordAt - $0) / .seconds(1) } ?? 0
    }
}
