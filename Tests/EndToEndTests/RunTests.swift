internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon against a broker in this process.
@Suite struct RunTests {
    /// A broker with a topic of events, and a configuration that reads it.
    private struct Shop: ~Copyable {
        static let partitions: Int32 = 2
        let folder: TemporaryFolder
        let broker: DevelopmentBroker
        let configuration: String

        init(lanes: Int) throws {
            let folder = try TemporaryFolder()
            let topics = ["shop", "segment-changes", "dead-letters"]
            let broker = try DevelopmentBroker(
                topics: topics.map { KafkaTopicSpecification(name: $0, partitionCount: Self.partitions) })
            let configuration = try folder.write(
                "shoal.yaml",
                """
                kafka:
                  bootstrap: \(broker.bootstrap)
                  group: run-test
                  session.timeout.ms: 6000
                  auto.offset.reset: earliest
                sources:
                  - {name: shop, topics: [shop]}
                lanes: \(lanes)
                commit_interval: 100ms
                # Little of everything, so that a short stream is enough for a model.
                model: {k: 4, warmup: 200}
                batch: {size: 128}
                """)
            self.folder = folder
            self.broker = broker
            self.configuration = configuration
        }

        func fill(events: Int, customers: Int) async throws {
            let result = try await ShoalProcess.run([
                "simulate", "--events", "\(events)", "--customers", "\(customers)", "--seed", "11",
                "--to", "kafka://\(broker.bootstrap)/shop",
            ])
            #expect(result.exit == .code(0), "\(result.errors)")
        }

        func run(_ environment: [String: String] = [:]) throws -> ShoalProcess {
            try ShoalProcess(["run", "--config", configuration], environment: environment)
        }
    }

    @Test func `an address that another process has is named, with what to do`() async throws {
        let shop = try Shop(lanes: 1)
        let first = try shop.run(["SHOAL_HTTP__LISTEN": "127.0.0.1:0"])
        let address = try await HTTPClient.address(of: first).replacing("http://", with: "")
        let second = try shop.run(["SHOAL_HTTP__LISTEN": address])
        #expect(await second.exit(within: 60) == .code(1), "\(second.errors)")
        let words = "cannot listen on \(address): Address already in use; give another address, or none"
        #expect(second.errors.contains(words), "\(second.errors)")
        #expect(await first.stops() == .code(0), "\(first.errors)")
    }

    @Test func `changes come out under the customer's key, and SIGTERM ends it cleanly`() async throws {
        let shop = try Shop(lanes: 2)
        try await shop.fill(events: 12_000, customers: 800)
        let daemon = try shop.run()
        let changes = try TopicRecord.read(
            100, from: "segment-changes", partitions: Shop.partitions, at: shop.broker.bootstrap, within: 90)
        #expect(changes.count >= 100, "\(daemon.errors)")
        for change in changes {
            #expect(change.value?.contains(#""customer_id":"\#(change.key)""#) == true)
        }
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
    }

    @Test func `a daemon that stops when idle has processed and committed everything`() async throws {
        struct Summary: Decodable { var events, accepted, duplicates, customers: Int }
        let shop = try Shop(lanes: 1)
        try await shop.fill(events: 3_000, customers: 200)
        let arguments = ["run", "--config", shop.configuration, "--stop-when-idle", "1"]
        let first = try await ShoalProcess.run(arguments, within: 120)
        #expect(first.exit == .code(0), "\(first.errors)")
        let last = try #require(first.output.split(separator: "\n").last)
        let summary = try JSONDecoder().decode(Summary.self, from: Data(last.utf8))
        #expect(summary.events == 3_000)
        #expect(summary.accepted + summary.duplicates == summary.events)
        #expect((1...200).contains(summary.customers))
    }

    @Test func `bad records arrive in dead-letters as they were, with the reason and the place`() async throws
    {
        // One lane: a second one that joins makes the first do its uncommitted work again, letters included.
        let shop = try Shop(lanes: 1)
        let bad: [(key: String, value: String?, reason: String)] = [
            ("a", "{", "not_json"), ("b", "[1]", "not_object"),
            ("c", #"{"customer_id":"c","timestamp":1767225600000}"#, "missing_type"),
            ("d", #"{"type":"purchase","timestamp":1767225600000}"#, "missing_customer"),
            ("e", #"{"type":"purchase","customer_id":"e","timestamp":"yesterday"}"#, "bad_timestamp"),
        ]
        let trace = KafkaHeader(name: "trace", value: "t-1")
        try TopicRecord.write(
            bad.map { TopicRecord(key: $0.key, value: $0.value, headers: [trace]) }, to: "shop",
            at: shop.broker.bootstrap)
        let daemon = try shop.run()
        let letters = try TopicRecord.read(
            bad.count, from: "dead-letters", partitions: Shop.partitions, at: shop.broker.bootstrap,
            within: 60)
        #expect(letters.count == bad.count, "\(daemon.errors)")
        for (key, value, reason) in bad {
            let letter = try #require(letters.first { $0.key == key })
            #expect(letter.value == value)
            #expect(letter.header("trace") == "t-1")
            #expect(letter.header("shoal.reason") == reason)
            #expect(letter.header("shoal.topic") == "shop")
            #expect(letter.header("shoal.partition") == "\(letter.partition)")
            #expect(letter.header("shoal.offset").flatMap(Int.init) != nil)
            #expect(letter.header("shoal.detail")?.isEmpty == false)
        }
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
    }

    @Test func `a customer who is forgotten leaves, for good`() async throws {
        let shop = try Shop(lanes: 1)
        try await shop.fill(events: 12_000, customers: 800)
        let daemon = try shop.run()
        let before = try TopicRecord.read(
            1, from: "segment-changes", partitions: Shop.partitions, at: shop.broker.bootstrap, within: 90)
        let customer = try #require(before.first?.key, "\(daemon.errors)")
        let asked = try await ShoalProcess.run(["forget", "--config", shop.configuration, customer])
        #expect(asked.exit == .code(0), "\(asked.errors)")
        #expect(asked.output == "shop: asked to forget \(customer)\n")
        let isGone = { (record: TopicRecord) in
            record.key == customer && record.value?.contains(#""to":null"#) == true
        }
        var changes: [TopicRecord] = []
        for _ in 0..<30 where !changes.contains(where: isGone) {
            changes = try TopicRecord.read(
                .max, from: "segment-changes", partitions: Shop.partitions, at: shop.broker.bootstrap,
                within: 1)
        }
        #expect(changes.contains(where: isGone), "\(daemon.errors)")
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
    }

    @Test func `a daemon without a configuration that holds is bad usage`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("bad.yaml", "lanes: 0\n")
        let result = try await ShoalProcess.run(["run", "--config", path])
        #expect(result.exit == .code(2))
        #expect(result.errors.contains("bad.yaml:1"))
    }
}
