internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalEngine
internal import ShoalKafka

/// Lets a group that has lost its offsets go on from its snapshots.
struct StateResume: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Gives the group the offsets of its newest snapshots, where it has none.",
        discussion: """
            For a group whose committed offsets are gone, because it was off for longer than the broker keeps \
            them, or was deleted. Stop every instance first; run it on each machine that has snapshots.
            """)

    @Option(name: .customLong("config"), help: "The YAML file that the daemon runs with.")
    var configurationFile: String?

    func run() throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        let settings = try RunSettings.settings(of: configuration)
        guard let snapshots = settings.snapshots else {
            throw CommandError("state.directory: none, so there are no snapshots to go on from")
        }
        let resumption = GroupResumption(snapshots: snapshots, kafka: settings.kafka, group: settings.group)
        let partitions: [(offset: KafkaPartitionOffset, outcome: GroupResumption.Outcome)]
        do throws(EngineError) {
            partitions = try resumption.run { StandardError.write($0.description) }
        } catch {
            throw CommandError("\(error)")
        }
        guard !partitions.isEmpty else {
            throw CommandError(
                "\(snapshots.directory): no sound snapshot of group \(settings.group) and of this cluster")
        }
        for (saved, outcome) in partitions {
            switch outcome {
            case .resumed: print("\(saved.partition): goes on at \(saved.offset)")
            case .kept(let offset): print("\(saved.partition): has committed \(offset) already, left")
            }
        }
    }
}
