internal import ArgumentParser
internal import Foundation
internal import Logging
internal import ShoalConfiguration
internal import ShoalEngine
internal import ShoalKafka
internal import ShoalSimulator

/// Shows the whole of it at work, with nothing installed and nothing outside this process.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows it all at work: embedded broker, simulated shop, daemon and a live table.",
        discussion: """
            A day of the shop passes in a second. Any Kafka client of this machine may read along: the table \
            prints a line of kcat for that. Without --duration it goes on until Ctrl-C; either way it ends with \
            a summary. The table goes to standard error, or to standard output if only that is a terminal; \
            without a terminal there is a line of progress every 5 seconds. NO_COLOR takes the colours away.
            """)

    @Option(help: "End after so many seconds of the shop.")
    var duration: Double?
    @Option(help: "Events per second.")
    var rate = 20_000.0
    @Option(help: "How many customers the shop has.")
    var customers = 10_000
    @Option(help: "Seed of the shop.")
    var seed: UInt64 = 1
    @Flag(help: "End with one line of JSON on standard output instead of the summary.")
    var json = false

    private static let durationMax = 86_400.0
    private static let customersMax = 1_000_000
    private static let rateMax = 1_000_000.0

    func validate() throws {
        if let duration, !(duration > 0 && duration <= Self.durationMax) {
            throw ValidationError("--duration must be above 0 and at most 86400 seconds, not \(duration).")
        }
        guard rate > 0, rate <= Self.rateMax else {
            throw ValidationError(
                "--rate must be above 0 and at most 1000000 events per second, not \(rate).")
        }
        guard (1...Self.customersMax).contains(customers) else {
            throw ValidationError("--customers must be 1 to \(Self.customersMax), not \(customers).")
        }
    }

    func run() throws {
        Interruption.watch()
        let http = try ShoalConfiguration.load(
            path: nil, environment: ProcessInfo.processInfo.environment
        ).http
        let plan = DemoPlan(durationSeconds: duration, rate: rate, seed: seed, customers: customers)
        // Where standard output is for a program, people are shown nothing on it.
        let screen = LiveTableScreen(
            descriptors: json ? [STDERR_FILENO] : [STDERR_FILENO, STDOUT_FILENO],
            environment: ProcessInfo.processInfo.environment)
        // The broker ends last, whatever the rest came to.
        let broker = try DevelopmentBroker()
        let outcome = Result {
            var configuration = plan.configuration(bootstrap: broker.bootstrap)
            configuration.http = http
            for topic in plan.topics(configuration) {
                try broker.createTopic(topic.name, partitionCount: topic.partitionCount)
            }
            var demo = try DemoRun(
                plan: plan, configuration: configuration, display: DemoDisplay(screen: screen))
            return try demo.run()
        }
        broker.close()
        let summary = try outcome.get()
        print(json ? summary.json : summary.text)
    }
}
