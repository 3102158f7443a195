internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalSimulator

/// Measures what a snapshot costs on this machine and disk.
struct StateMeasure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measures what saving one partition costs on this machine and disk, and reading it back.",
        discussion: """
            Fills one partition with customers of the simulated shop, saves it twice, the second time while events
            go on, and reads it back. Prints one line of JSON; `work` is processor time, `pause` is what a batch
            of 1,000 events takes longer because of the snapshot.
            """)

    private static let batchEvents = 1_000
    /// Blocks that are taken between two batches, as a lane does it.
    private static let blocksPerBatch = 4

    @Option(help: "Customers of the partition.")
    var customers = 1_000_000
    @Option(help: "Events of a customer, on average.")
    var events = 10
    @Option(help: "A directory on the disk to measure; what is written there is removed again.")
    var directory = "."
    @Option(name: .customLong("config"), help: "The YAML file with the features; without it, the defaults.")
    var configurationFile: String?

    func validate() throws {
        guard (1...ShopSimulatorOptions.customersMax).contains(customers), (1...1_000).contains(events) else {
            throw ValidationError(
                "--customers must be 1 to \(ShopSimulatorOptions.customersMax), --events 1 to 1000.")
        }
    }

    func run() throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        let folder = "\(directory)/shoal-measure-\(getpid())"
        let store = SnapshotStore(directory: folder)
        try store.prepare()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var shop = try MeasuredShop(configuration, customers: customers, events: customers * events)
        shop.absorb(customers * events)
        let alone = try save(&shop, to: store)
        let busy = try saveWhileBusy(&shop, to: store)
        let restore = try Self.timed {
            let loaded = store.load(
                partition: 0, plan: shop.shard.plan, settings: shop.settings, refuse: { _ in nil },
                report: { StandardError.write($0.description) })
            guard let loaded, loaded.shard.customerCount == loaded.header.customerCount else {
                throw CommandError("\(folder): what was saved cannot be read back")
            }
        }
        let customers = shop.shard.customerCount
        let fields = [
            "\"customers\":\(customers)", "\"features\":\(configuration.features.count)",
            "\"memory_bytes\":\(shop.shard.profileBytes)", "\"disk_bytes\":\(alone.bytes)",
            "\"freeze_ms\":\(Self.milliseconds(alone.freeze))",
            "\"work_ms\":\(Self.milliseconds(alone.cost.work))",
            "\"elapsed_ms\":\(Self.milliseconds(alone.cost.elapsed))",
            "\"pause_ms\":\(Self.milliseconds(busy.longest - busy.usual))",
            "\"batch_ms\":\(Self.milliseconds(busy.usual))",
            "\"restore_work_ms\":\(Self.milliseconds(restore.work))",
            "\"restore_ms\":\(Self.milliseconds(restore.elapsed))",
        ]
        print("{\(fields.joined(separator: ","))}")
    }

    private struct Cost {
        var work = 0.0
        var elapsed = 0.0
    }

    /// - Returns: seconds of processor time of this thread, and of the clock.
    private static func timed(_ body: () throws -> Void) rethrows -> Cost {
        let (work, start) = (seconds(CLOCK_THREAD_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
        try body()
        return Cost(
            work: seconds(CLOCK_THREAD_CPUTIME_ID) - work, elapsed: seconds(CLOCK_MONOTONIC) - start)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", seconds * 1_000) }

    private func save(
        _ shop: inout MeasuredShop, to store: SnapshotStore
    ) throws -> (bytes: Int, freeze: Double, cost: Cost) {
        var bytes = 0
        var freeze = Cost()
        let cost = try Self.timed {
            var header: SnapshotHeader?
            freeze = Self.timed { header = shop.freeze() }
            guard let header else { return }
            var task = try SnapshotTask(header, store: store)
            while let block = shop.shard.nextFrozenBlock() { try task.append(block) }
            bytes = try task.finish()
        }
        return (bytes, freeze.elapsed, cost)
    }

    /// Saves while batches of events go on.
    ///
    /// Encoding and writing are another thread's, and left out.
    ///
    /// - Returns: what the longest batch takes with its part of the copying, and the usual one without.
    private func saveWhileBusy(
        _ shop: inout MeasuredShop, to store: SnapshotStore
    ) throws -> (longest: Double, usual: Double) {
        var usual: [Double] = []
        for _ in 0..<101 { usual.append(Self.timed { shop.absorb(Self.batchEvents) }.work) }
        usual.sort()
        var task: SnapshotTask?
        var longest = Self.timed {
            let header = shop.freeze()
            task = try? SnapshotTask(header, store: store)
        }.work
        guard var task = task.take() else { throw CommandError("\(directory): cannot be written to") }
        while shop.shard.isFrozen {
            var blocks: [FrozenBlock] = []
            let cost = Self.timed {
                shop.absorb(Self.batchEvents)
                for _ in 0..<Self.blocksPerBatch {
                    guard let block = shop.shard.nextFrozenBlock() else { break }
                    blocks.append(block)
                }
            }
            longest = max(longest, cost.work)
            for block in blocks { try task.append(block) }
        }
        _ = try task.finish()
        return (longest, usual[usual.count / 2])
    }
}
