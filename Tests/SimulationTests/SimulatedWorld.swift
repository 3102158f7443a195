import Foundation
import ShoalCore
@testable import ShoalEngine
import ShoalKafka
import ShoalTestSupport
import Testing

/// Broker, processes and bad luck, all from one seed and in one thread.
final class SimulatedWorld {
    /// How bad the luck is.
    struct Weather {
        var lossRate = 0.02
        var strayRate = 0.0
        /// Chance of each kind of trouble at a step.
        var crashRate = 0.004
        var stopRate = 0.002
        var pauseRate = 0.002
        var connectionRate = 0.002
        /// Chance that something happens to a file of a snapshot.
        var damageRate = 0.0
        /// Milliseconds between snapshots; `nil` takes none.
        var snapshotInterval: Int64? = 300
        var hidesLosses = false
        /// What an operator wants where input is gone.
        var offsetReset = "error"

        /// Nothing happens by itself.
        static let calm = Weather(
            lossRate: 0, crashRate: 0, stopRate: 0, pauseRate: 0, connectionRate: 0)
    }

    private struct Place {
        var process: SimulatedProcess?
        /// When the next thing happens to it: a start, or going on after a pause.
        var resumesAt: Int64 = 0
    }

    private static let topics = EngineTopics()

    let broker: SimulatedBroker
    private let address: String
    private let partitionCount: Int32
    private let lanes: Int
    private let plan: FeaturePlan
    private let disk: TemporaryFolder
    private let weather: Weather
    private var places: [Place]
    private var shop: SimulatedShop
    private var generator: SeededGenerator
    private var inputs: [[SimulatedBroker.Record]]
    /// How often each trouble came, so that a test can tell that it did.
    private(set) var crashes = 0
    private(set) var stops = 0
    private(set) var pauses = 0
    private(set) var damages = 0
    private(set) var failures: [String] = []

    init(seed: UInt64, partitionCount: Int32, processes: Int, lanes: Int, weather: Weather) throws {
        broker = SimulatedBroker(seed: seed, partitionCount: partitionCount)
        address = "simulated-\(seed)-\(ObjectIdentifier(broker))"
        SimulatedClusters.register(broker, at: address)
        self.partitionCount = partitionCount
        self.lanes = lanes
        self.weather = weather
        disk = try TemporaryFolder()
        plan = try FeaturePlan(SimulatedShop.features, keepsLastChange: false)
        places = Array(repeating: Place(), count: processes)
        shop = SimulatedShop(seed: seed, partitionCount: partitionCount)
        generator = SeededGenerator(seed: seed)
        inputs = Array(repeating: [], count: Int(partitionCount))
        broker.network.lossRate = weather.lossRate
        broker.network.strayRate = weather.strayRate
        broker.network.hidesLosses = weather.hidesLosses
    }

    deinit { SimulatedClusters.remove(address) }

    private func settings(_ index: Int) -> EngineSettings {
        var settings = EngineSettings(
            kafka: [
                "bootstrap.servers": address, "session.timeout.ms": "30000",
                "transaction.timeout.ms": "10000", "socket.timeout.ms": "5000",
                "auto.offset.reset": weather.offsetReset,
            ],
            group: "shoal", sources: [.canonical(topics: [SimulatedShop.input])],
            features: SimulatedShop.features, hash: KeyHash(first: 1, second: UInt64(index)))
        settings.lanes = lanes
        settings.instance = "\(index)"
        settings.snapshots = weather.snapshotInterval.map {
            SnapshotSettings(directory: disk.path("state"), intervalMilliseconds: $0)
        }
        return settings
    }

    // MARK: Running

    /// Runs through foul weather, with records coming in all the time.
    func run(records: Int, steps: Int) throws {
        var left = records
        for _ in 0..<steps {
            if left > 0, chance(Double(records) / Double(steps) * 1.5) {
                let count = min(left, broker.network.number(in: 1...3))
                for _ in 0..<count { send() }
                left -= count
            }
            try trouble()
            try turn()
        }
        for _ in 0..<left { send() }
    }

    /// Lets the weather clear up and runs until everything is committed.
    ///
    /// - Returns: whether that came about.
    func settle(steps: Int) throws -> Bool {
        broker.network.lossRate = 0
        broker.network.strayRate = 0
        for index in places.indices {
            places[index].process?.host.callsLeft = nil
            places[index].resumesAt = 0
        }
        for _ in 0..<steps {
            try turn()
            if isDone { return true }
        }
        return false
    }

    private var isDone: Bool {
        let group = broker.group("shoal")
        return !group.isRebalancing
            && (0..<partitionCount).allSatisfy { number in
                let partition = KafkaTopicPartition(topic: SimulatedShop.input, partition: number)
                return group.committed[partition, default: 0] == broker.end(of: partition)
                    && places.count { $0.process?.profiles(ofPartition: number) != nil } == 1
            }
    }

    /// Deletes the input and makes it again, empty.
    func makeInputAnew() {
        broker.makeAnew(SimulatedShop.input)
        inputs = Array(repeating: [], count: Int(partitionCount))
    }

    /// Stops all processes in order; they start again in the turns that come.
    func stopAll() {
        for index in places.indices {
            guard let process = places[index].process else { continue }
            end(index) { try process.stop() }
        }
    }

    /// Lets the broker forget how far the group was.
    func forgetOffsets() { broker.group("shoal").committed = [:] }

    /// Gives the group the offsets that its snapshots name.
    func resumeGroup() throws {
        let settings = settings(0)
        let snapshots = try #require(settings.snapshots)
        let resumption = GroupResumption(snapshots: snapshots, kafka: settings.kafka, group: settings.group)
        for offset in resumption.offsets(ofCluster: "", report: { failures.append("\($0)") }) {
            broker.group(settings.group).committed[offset.partition] = offset.offset
        }
    }

    /// What the lanes that run say of themselves.
    var statuses: [LaneStatus] {
        places.flatMap { place in
            guard let process = place.process else { return [LaneStatus]() }
            for box in process.boxes { box.lane?.publish() }
            return process.boxes.map(\.board.status)
        }
    }

    private func send() {
        let (partition, record) = shop.next()
        inputs[Int(partition)].append(record)
        broker.append(record, to: KafkaTopicPartition(topic: SimulatedShop.input, partition: partition))
    }

    private func chance(_ rate: Double) -> Bool { generator.nextUnit() < rate }

    private func trouble() throws {
        if chance(weather.damageRate) { try damage() }
        let index = Int(generator.next() % UInt64(places.count))
        guard let process = places[index].process else { return }
        if chance(weather.crashRate) {
            // At one of the next calls to the broker, or between two of them.
            SimulatedLog.note(broker.now, "process \(index) will crash")
            process.host.callsLeft = broker.network.number(in: 1...60)
        }
        if chance(weather.stopRate) {
            stops += 1
            SimulatedLog.note(broker.now, "process \(index) stops")
            end(index) { try process.stop() }
        } else if chance(weather.pauseRate) {
            pauses += 1
            SimulatedLog.note(broker.now, "process \(index) pauses")
            places[index].resumesAt = broker.now + Int64(broker.network.number(in: 100...70_000))
        } else if chance(weather.connectionRate) {
            process.host.closedConnectionCount += 1
        }
    }

    /// Flips a bit of a snapshot, cuts it off, or loses it.
    private func damage() throws {
        let folder = disk.url.appending(path: "state/shoal")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard !names.isEmpty else { return }
        damages += 1
        let file = folder.appending(path: names.sorted()[Int(generator.next() % UInt64(names.count))])
        SimulatedLog.note(broker.now, "damage to \(file.lastPathComponent)")
        var bytes = try Data(contentsOf: file)
        switch generator.next() % 3 {
        case 0 where !bytes.isEmpty:
            bytes[Int(generator.next() % UInt64(bytes.count))] ^= 1 << UInt8(generator.next() % 8)
            try bytes.write(to: file)
        case 1: try bytes.prefix(Int(generator.next() % UInt64(bytes.count + 1))).write(to: file)
        default: try FileManager.default.removeItem(at: file)
        }
    }

    /// Bad luck seldom comes alone: whose transaction was torn is about to crash.
    private func strikeTorn() {
        for identity in broker.torn {
            guard let index = identity.split(separator: "-").dropFirst().first.flatMap({ Int($0) }) else {
                continue
            }
            places[index].process?.host.callsLeft = broker.network.number(in: 1...6)
        }
        broker.torn = []
    }

    /// One turn of one lane somewhere.
    private func turn() throws {
        broker.now += Int64(broker.network.number(in: 0...20))
        broker.tick()
        strikeTorn()
        let index = Int(generator.next() % UInt64(places.count))
        guard broker.now >= places[index].resumesAt else { return }
        guard let process = places[index].process else {
            places[index].process = try SimulatedProcess(
                settings(index), plan: plan, partitionCount: partitionCount, broker: broker)
            return
        }
        let lane = Int(generator.next() % UInt64(process.boxes.count))
        do {
            try process.step(lane: lane)
        } catch let error as EngineError {
            // A process that cannot go on ends, and whoever supervises it starts it again.
            if !process.host.isDown { failures.append("\(error)") }
            end(index) {}
        }
        if process.host.isDown {
            crashes += 1
            SimulatedLog.note(broker.now, "process \(index) is down")
            end(index) {}
        }
    }

    private func end(_ index: Int, _ stop: () throws -> Void) {
        do {
            try stop()
        } catch {
            if let process = places[index].process, !process.host.isDown { failures.append("\(error)") }
        }
        places[index].process?.host.goDown()
        places[index] = Place(resumesAt: broker.now + Int64(broker.network.number(in: 1...5_000)))
    }

    // MARK: Looking

    /// What is wrong with what came out; nothing, if all is well.
    func anomalies() throws -> [String] {
        var found: [String] = []
        let changes = broker.committed(Self.topics.changes)
        let letters = broker.committed(Self.topics.deadLetters).flatMap { $0 }
        var letterCount = 0
        for number in 0..<partitionCount {
            let reference = try SimulatedShop.reference(inputs[Int(number)], partition: number)
            letterCount += reference.letterCount
            let seen = changes[Int(number)].map { String(decoding: $0.value ?? [], as: UTF8.self) }
            if seen != reference.changes {
                let at = zip(seen, reference.changes).enumerated().first { $1.0 != $1.1 }?.offset
                found.append(
                    "partition \(number): \(seen.count) changes for \(reference.changes.count), first different "
                        + "at \(at.map { "\($0): \(seen[$0]) for \(reference.changes[$0])" } ?? "the end")")
            }
            let profiles = places.lazy.compactMap { $0.process?.profiles(ofPartition: number) }.first
            if profiles != reference.profiles { found.append("partition \(number): profiles differ") }
        }
        if letters.count != letterCount {
            found.append("\(letters.count) dead letters for \(letterCount) bad records")
        }
        return found
    }
}
