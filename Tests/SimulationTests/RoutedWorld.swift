import Logging
import ShoalCore
@testable import ShoalEngine
import ShoalKafka
import ShoalTestSupport

/// The routers of some processes against a simulated broker, from one seed and in one thread.
final class RoutedWorld {
    typealias SimulatedRouter = Router<SimulatedConsumer, SimulatedProducer>

    /// One process and the machine it runs on.
    private final class Process {
        let host: SimulatedHost
        var router: SimulatedRouter?

        init(host: SimulatedHost, router: consuming SimulatedRouter) {
            self.host = host
            self.router = consume router
        }
    }

    static let raw = "web"
    private static let group = "shoal.router"
    private static let partitionCount: Int32 = 4
    private static let startMilliseconds: Int64 = 1_767_225_600_000

    let broker: SimulatedBroker
    private let address: String
    private let plan: FeaturePlan
    private var processes: [Process?]
    private var resumesAt: [Int64]
    private var generator: SeededGenerator
    private var sentCount = 0
    private(set) var crashes = 0
    private(set) var failures: [String] = []

    init(seed: UInt64, processes count: Int, strayRate: Double, hidesLosses: Bool) throws {
        broker = SimulatedBroker(seed: seed, partitionCount: Self.partitionCount)
        address = "routed-\(seed)-\(ObjectIdentifier(broker))"
        SimulatedClusters.register(broker, at: address)
        plan = try FeaturePlan(SimulatedShop.features, keepsLastChange: false)
        processes = Array(repeating: nil, count: count)
        resumesAt = Array(repeating: 0, count: count)
        generator = SeededGenerator(seed: seed)
        broker.network.lossRate = 0.02
        broker.network.strayRate = strayRate
        broker.network.hidesLosses = hidesLosses
    }

    deinit { SimulatedClusters.remove(address) }

    static var source: SourceMapping {
        var source = SourceMapping(name: "web", topics: [raw])
        source.fields["customer_id"] = SourceMapping.Field(paths: ["user.id"])
        source.ignoreWhere = [SourceMapping.Condition(path: "bot", test: .present)]
        source.isKeyed = false
        return source
    }

    private func start(_ index: Int) throws {
        var settings = EngineSettings(
            kafka: [
                "bootstrap.servers": address, "session.timeout.ms": "30000", "client.id": "\(index)",
                "transaction.timeout.ms": "10000", "socket.timeout.ms": "5000",
            ],
            group: "shoal", sources: [.canonical(topics: ["shoal.events"])],
            features: SimulatedShop.features, hash: KeyHash(first: 1, second: 2))
        settings.routed = [Self.source]
        settings.instance = "\(index)"
        /// Safe: the broker and all that asks it for the time live in one thread.
        struct Clock: @unchecked Sendable { let broker: SimulatedBroker }
        let clock = Clock(broker: broker)
        let shared = EngineShared(
            settings: settings, plan: plan,
            log: EngineLog(Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }),
            clock: { clock.broker.now }, hasThreads: false)
        processes[index] = Process(
            host: broker.start(host: "\(index)"),
            router: SimulatedRouter(shared: shared, partitionCount: Int(Self.partitionCount)))
    }

    // MARK: Running

    func run(records: Int, steps: Int) throws {
        for step in 0..<steps {
            while sentCount < records * step / steps { send() }
            let index = generator.nextIndex(below: processes.count)
            if generator.nextUnit() < 0.01 {
                processes[index]?.host.callsLeft = broker.network.number(in: 1...60)
            }
            if generator.nextUnit() < 0.003 {
                resumesAt[index] = broker.now + Int64(broker.network.number(in: 100...70_000))
            }
            try turn()
        }
        while sentCount < records { send() }
    }

    /// Lets the weather clear up and runs until everything is routed.
    ///
    /// - Returns: whether that came about.
    func settle(steps: Int) throws -> Bool {
        broker.network.lossRate = 0
        broker.network.strayRate = 0
        for index in processes.indices {
            processes[index]?.host.callsLeft = nil
            resumesAt[index] = 0
        }
        for _ in 0..<steps {
            try turn()
            let group = broker.group(Self.group)
            let isDone = broker.partitions(of: [Self.raw]).allSatisfy {
                group.committed[$0, default: 0] == broker.end(of: $0)
            }
            if isDone, !group.isRebalancing { return true }
        }
        return false
    }

    private func turn() throws {
        broker.now += Int64(broker.network.number(in: 0...20))
        broker.tick()
        // Bad luck seldom comes alone: whose transaction was torn is about to crash.
        for identity in broker.torn {
            guard let index = identity.split(separator: "-").dropFirst().first.flatMap({ Int($0) }) else {
                continue
            }
            processes[index]?.host.callsLeft = broker.network.number(in: 1...6)
        }
        broker.torn = []
        let index = generator.nextIndex(below: processes.count)
        guard broker.now >= resumesAt[index] else { return }
        guard let process = processes[index] else { return try start(index) }
        do throws(EngineError) {
            _ = try process.router?.step()
        } catch {
            if !process.host.isDown { failures.append("\(error)") }
            process.host.goDown()
        }
        guard process.host.isDown else { return }
        crashes += 1
        processes[index] = nil
        resumesAt[index] = broker.now + Int64(broker.network.number(in: 1...5_000))
    }

    /// One record under the key of a session, which has nothing to do with the customer.
    private func send() {
        let number = sentCount
        sentCount += 1
        let customer = "c\(generator.nextIndex(below: 30))"
        let time = Self.startMilliseconds + Int64(number)
        let text: String
        switch generator.nextIndex(below: 12) {
        case 0: text = #"{"type":"move","user":{},"timestamp":\#(time)}"#
        case 1: text = #"{"type":"move","user":{"id":"\#(customer)"},"timestamp":\#(time),"bot":true}"#
        default: text = #"{"type":"move","user":{"id":"\#(customer)"},"timestamp":\#(time)}"#
        }
        let record = SimulatedBroker.Record(
            key: Array("session \(number % 7)".utf8), value: Array(text.utf8),
            headers: [
                KafkaHeader(name: "trace", value: "\(number)"),
                KafkaHeader(name: RoutedSources.header, value: "a lie"),
            ], timestampMilliseconds: time + 5)
        broker.append(
            record,
            to: KafkaTopicPartition(topic: Self.raw, partition: Int32(number % 7) % Self.partitionCount))
    }

    // MARK: Looking

    /// What is wrong with what came out; nothing, if all is well.
    func anomalies() -> [String] {
        var found = failures
        var expected: [[UInt8]: SimulatedBroker.Record] = [:]
        var bad: [[UInt8]] = []
        for record in broker.committed(Self.raw).joined() {
            let value = record.value ?? []
            let text = String(decoding: value, as: UTF8.self)
            if text.contains(#""user":{}"#) {
                bad.append(value)
            } else if !text.contains("bot") {
                expected[value] = record
            }
        }
        for (partition, records) in broker.committed("shoal.events").enumerated() {
            for record in records {
                guard let raw = expected.removeValue(forKey: record.value ?? []) else {
                    let text = String(decoding: record.value ?? [], as: UTF8.self)
                    found.append("twice, or never sent: \(text)")
                    continue
                }
                let key = record.key ?? []
                let text = String(decoding: record.value ?? [], as: UTF8.self)
                if !text.contains(#""id":"\#(String(decoding: key, as: UTF8.self))""#) {
                    found.append("another key than the customer's: \(text)")
                }
                let place = KafkaPlacement.partition(of: key.span, partitionCount: Self.partitionCount)
                if place != Int32(partition) { found.append("on partition \(partition), not \(place)") }
                let headers = [raw.headers[0], KafkaHeader(name: RoutedSources.header, value: "web")]
                if record.headers != headers { found.append("headers \(record.headers)") }
                if record.timestampMilliseconds != raw.timestampMilliseconds { found.append("another time") }
            }
        }
        if !expected.isEmpty { found.append("\(expected.count) records are lost") }
        let letters = broker.committed("dead-letters").joined().map { $0.value ?? [] }
        if Set(letters) != Set(bad) || letters.count != bad.count {
            found.append("\(letters.count) dead letters for \(bad.count) bad records")
        }
        return found
    }
}
