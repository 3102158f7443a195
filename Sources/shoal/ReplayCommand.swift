internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine

/// Segments files of events offline; the same input gives the same bytes.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Runs files of events through the engine, offline and deterministically.",
        discussion: """
            Reads lines of JSON, CSV or TSV as the configuration's sources say; .gz, .zst, .lz4 and .xz \
            files are unpacked on the way, '-' is standard input. Outputs are lines of JSON; '-' writes \
            to standard output.
            """)

    @Option(name: .customLong("config"), help: "The YAML file; without it, the defaults.")
    var configurationFile: String?
    @Option(help: "Which source of the configuration the files are; needed if it has several.")
    var source: String?
    @Option(help: "Write every segment change to this file.")
    var changes: String?
    @Option(help: "Write drift alerts to this file.")
    var alerts: String?
    @Option(help: "Write each customer's features and segment at the end to this file.")
    var profiles: String?
    @Option(help: "Write rejected lines, with their reasons, to this file.")
    var rejects: String?
    @Option(help: "Start with this model instead of learning a first one.")
    var model: String?
    @Option(help: "Write the model at the end to this file.")
    var saveModel: String?
    @Option(help: "Write the last candidate that on_drift: propose has led to to this file.")
    var saveCandidate: String?
    @Option(help: "Compare with this candidate, which only assigns, beside the live model.")
    var shadow: String?
    @Option(help: "Compare with the model of this configuration: learned beside, or that of --shadow.")
    var shadowConfig: String?
    @Option(help: "Write the comparison to this file as JSON instead of to standard error.")
    var shadowReport: String?
    @Flag(help: "End with one line of JSON that sums the replay up.")
    var summary = false
    @Argument(help: "Files of events, read in this order.")
    var files: [String]

    func validate() throws {
        if shadowReport != nil, shadow == nil, shadowConfig == nil {
            throw ValidationError("--shadow-report needs --shadow or --shadow-config.")
        }
    }

    func run() throws {
        Interruption.watch()
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        let plan = try FeaturePlan(
            configuration.features, keepsLastChange: configuration.model.minDwell > 0)
        let options = try options(configuration, plan: plan)
        var generator = SystemRandomNumberGenerator()
        let hash = KeyHash(first: generator.next(), second: generator.next())
        var replay = try Replay(options: options, plan: plan, hash: hash)
        var bar = ReplayProgressBar(isShown: isatty(STDERR_FILENO) == 1)
        let started = ContinuousClock.now
        let result = try replay.run { progress in
            bar.show(progress, after: ContinuousClock.now - started)
            return !Interruption.isRequested
        }
        bar.clear()
        if let saveModel { try ModelFile.write(replay.model, to: saveModel) }
        if let saveCandidate { try writeCandidate(replay.candidate, to: saveCandidate) }
        explain(result, replay.warmupCount, warmup: configuration.model.warmup)
        try tell(replay.shadowReport)
        if summary { print(ReplaySummary.text(of: result, after: ContinuousClock.now - started)) }
        if Interruption.isRequested {
            throw CommandError("interrupted: the files were not read to their end")
        }
    }

    /// There is none unless drift was found and something better than the live model.
    private func writeCandidate(_ candidate: SegmentModel?, to path: String) throws {
        guard let candidate else {
            StandardError.write("no candidate: on_drift: propose has led to none, so \(path) is not written")
            return
        }
        try ModelFile.write(candidate, to: path)
    }

    private func options(
        _ configuration: ShoalConfiguration, plan: FeaturePlan
    ) throws -> ReplayOptions {
        var options = ReplayOptions(
            features: configuration.features, source: try chosenSource(of: configuration),
            model: configuration.model, batch: configuration.batch,
            limits: configuration.limits.replayEvents, files: files)
        options.profiles = ProfileLimits(
            customersMax: configuration.limits.customersMax, partitionCount: 1,
            idleMillisecondsMax: configuration.limits.idleExpiryMilliseconds)
        options.holdout = configuration.holdout
        options.changesPath = changes
        options.profilesPath = profiles
        options.alertsPath = alerts
        options.rejectsPath = rejects
        if let model { options.resumedModel = try ModelFile.read(model, plan: plan) }
        options.shadow = try shadowOptions(configuration, plan: plan)
        return options
    }

    /// The second model, of the same configuration or of its own.
    private func shadowOptions(
        _ configuration: ShoalConfiguration, plan: FeaturePlan
    ) throws -> ShadowOptions? {
        guard shadow != nil || shadowConfig != nil else { return nil }
        var chosen = (configuration: configuration, plan: plan)
        if let shadowConfig {
            let other = try ShoalConfiguration.load(
                path: shadowConfig, environment: ProcessInfo.processInfo.environment)
            chosen = (
                other, try FeaturePlan(other.features, keepsLastChange: other.model.minDwell > 0)
            )
        }
        return ShadowOptions(
            plan: chosen.plan, model: chosen.configuration.model, batch: chosen.configuration.batch,
            candidate: try shadow.map { try ModelFile.read($0, plan: chosen.plan) })
    }

    /// Says what the shadow would have done.
    private func tell(_ report: ShadowReport?) throws {
        guard shadow != nil || shadowConfig != nil else { return }
        guard let report else {
            StandardError.write("no comparison: the live model or the candidate was never learned")
            return
        }
        guard let shadowReport else {
            StandardError.write(ShadowText.text(of: report))
            return
        }
        do {
            let text = try ModelText.json(report) + "\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: shadowReport), options: .atomic)
        } catch {
            throw CommandError("\(shadowReport): cannot be written: \(error)")
        }
    }

    private func chosenSource(of configuration: ShoalConfiguration) throws -> SourceMapping {
        let names = configuration.sources.map(\.name).joined(separator: ", ")
        if let source {
            if let chosen = configuration.sources.first(where: { $0.name == source }) { return chosen }
            throw ValidationError("--source \(source): no such source; the configuration has \(names)")
        }
        if configuration.sources.count == 1 { return configuration.sources[0] }
        throw ValidationError("the configuration has several sources; choose one with --source: \(names)")
    }

    /// Says why there are no segments, which otherwise looks like a fault.
    private func explain(_ result: ReplayProgress, _ gathered: Int, warmup: Int) {
        guard result.modelVersion == 0 else { return }
        StandardError.write(
            "no segments: \(gathered) of the \(warmup) vectors that seeding waits for were seen; "
                + "lower model.warmup or give more events")
    }
}
