internal import ArgumentParser
internal import Foundation
internal import ShoalSimulator

/// Makes a shop's event stream whose customers' behaviour is known.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a synthetic shop's events, on standard output or into Kafka.",
        discussion: """
            Six behaviours: bargain hunters, loyal big spenders, window shoppers, store-only, seasonal and \
            churning customers; a fifth of them switch in mid-story. The same options give the same bytes.
            """)

    @Option(help: "How many customers the shop has.")
    var customers = 10_000

    @Option(help: "Lines per second, on an even schedule; 0 or absent: as fast as possible.")
    var rate: Double?

    @Option(help: "Lines after which the stream ends; absent: endless.")
    var events: Int?

    @Option(help: "Seed of all randomness.")
    var seed: UInt64 = 1

    @Option(help: "Event time of the first line: RFC 3339, epoch milliseconds or now (2026-01-01T00:00:00Z).")
    var start: String?

    @Option(
        help: ArgumentHelp(
            "Seconds of event time per second of the stream (1).",
            discussion: "Without --rate, a second of the stream is 1,000 lines."))
    var speedUp: Double?

    @Option(
        help: "Days of event time that --events cover, instead of --speed-up; 30 without --rate.")
    var days: Double?

    @Option(help: "The share of events that arrive up to five minutes late.")
    var late = 0.01

    @Option(help: "The share of events that are repeated, byte for byte.")
    var duplicates = 0.005

    @Option(help: "The share of customers who take up another behaviour.")
    var switches = 0.2

    @Option(
        help: ArgumentHelp(
            "Change the population after so many lines (50000) or so much event time (10d).",
            discussion: "Prices rise by half, and half of the window shoppers become bargain hunters."))
    var driftAt: String?

    @Option(help: "Write who is what, and when they change, to a CSV file.")
    var truth: String?

    @Option(help: "Where to: - or kafka://host:port/topic, keyed by customer.")
    var to: SimulationTarget = .standardOutput

    func validate() throws {
        let faults = try options().faults
        guard faults.isEmpty else { throw ValidationError(faults.joined(separator: " ")) }
    }

    func run() throws {
        Interruption.watch()
        var simulator = ShopSimulator(options: try options())
        if let truth { try Self.writeTruth(of: simulator, to: truth) }
        let pace = SimulationPace(linesPerSecond: rate ?? 0)
        switch to {
        case .standardOutput:
            var sink = StandardOutputSink()
            try pace.run(&simulator, into: &sink)
        case .kafka(let bootstrap, let topic):
            var sink = try KafkaSink(bootstrap: bootstrap, topic: topic)
            try pace.run(&simulator, into: &sink)
        }
    }

    private var isPaced: Bool { rate ?? 0 != 0 }

    private func options() throws -> ShopSimulatorOptions {
        var options = ShopSimulatorOptions()
        options.customers = customers
        options.seed = seed
        options.eventsMax = events
        options.lateShare = late
        options.duplicateShare = duplicates
        options.switchShare = switches
        if let rate, rate != 0 { options.eventsPerSecond = rate }
        options.speedUp = try speedUp(eventsPerSecond: options.eventsPerSecond)
        options.startMilliseconds = try startMilliseconds(gapMilliseconds: options.gapMilliseconds)
        options.drift = try driftAt.map { text in ShopDrift(at: try Self.moment(text)) }
        return options
    }

    private func speedUp(eventsPerSecond: Double) throws -> Double {
        if let speedUp {
            guard days == nil else { throw ValidationError("Give --speed-up or --days, not both.") }
            return speedUp
        }
        guard let events, events > 0 else {
            guard days == nil else {
                throw ValidationError("--days needs --events: the lines that fill them.")
            }
            return 1
        }
        guard let days = days ?? (isPaced ? nil : 30) else { return 1 }
        guard days.isFinite, days > 0 else { throw ValidationError("--days must be above 0, not \(days).") }
        return days * 86_400 * eventsPerSecond / Double(events)
    }

    /// Into Kafka the story ends now by default: brokers drop old records and refuse those of the future.
    private func startMilliseconds(gapMilliseconds: Double) throws -> Int64 {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        switch start {
        case nil where to == .standardOutput: return ShopSimulatorOptions.startDefaultMilliseconds
        case nil:
            // Paced in real time the story begins now; else its last line is due now.
            let isRealTime = isPaced && speedUp == nil && days == nil
            let span = isRealTime ? 0 : Double(events ?? 0) * gapMilliseconds
            return span < Double(now) ? now - Int64(span) : now
        case "now": return now
        case let text?:
            if let milliseconds = Int64(text) { return milliseconds }
            let style = Date.ISO8601FormatStyle()
            let date =
                (try? style.parse(text)) ?? (try? style.time(includingFractionalSeconds: true).parse(text))
            guard let date else {
                throw ValidationError(
                    "--start must be like 2026-01-01T00:00:00Z, epoch milliseconds or now, not \"\(text)\".")
            }
            return Int64((date.timeIntervalSince1970 * 1_000).rounded())
        }
    }

    private static func moment(_ text: String) throws -> ShopDrift.Moment {
        if let count = Int(text) { return .afterEvents(count) }
        let units: KeyValuePairs = [
            "ms": 1.0, "s": 1e3, "m": 60e3, "h": 3_600e3, "d": 86_400e3, "w": 604_800e3,
        ]
        for (unit, milliseconds) in units where text.hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)), (0...1e5).contains(number) else { continue }
            return .afterMilliseconds(Int64(number * milliseconds))
        }
        throw ValidationError(
            "--drift-at must be a number of lines, or event time like 36h or 10d, not \"\(text)\".")
    }

    private static func writeTruth(of simulator: ShopSimulator, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw CommandError("--truth \(path): cannot be written; name a file in a folder that exists.")
        }
        var buffer: [UInt8] = []
        simulator.appendTruthHeader(to: &buffer)
        for customer in 0..<simulator.options.customers {
            simulator.appendTruth(ofCustomer: customer, to: &buffer)
            guard buffer.count >= StandardOutputSink.bufferBytes else { continue }
            try file.write(contentsOf: Data(buffer))
            buffer.removeAll(keepingCapacity: true)
        }
        try file.write(contentsOf: Data(buffer))
        try file.close()
    }
}
