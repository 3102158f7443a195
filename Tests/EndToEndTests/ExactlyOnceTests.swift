internal import Foundation
internal import ShoalKafka
internal import Testing

/// The daemon's transactions, against a broker that keeps their offsets; `SHOAL_TANSU` holds its
/// `host:port`, as `Deploy/tansu start` prints it.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["SHOAL_TANSU"] != nil, "SHOAL_TANSU names no broker"))
struct ExactlyOnceTests {
    @Test(arguments: ["produced:2", "offsets-sent:2", "committing:2", "committed:2"])
    func `killed at any point of a transaction, it loses and doubles nothing`(point: String) async throws {
        let shop = try TansuShop()
        try await shop.fill(events: 4_000, seed: 5)
        let doomed = try shop.run(["SHOAL_CRASH_AT": point])
        // What it writes comes in several transactions: more events arrive while it works.
        #expect(await doomed.logs("assigned", within: 60), "\(doomed.errors)")
        try await shop.fill(events: 4_000, seed: 6)
        #expect(await doomed.exit(within: 60) == .signal(SIGKILL), "\(point): \(doomed.errors)")
        try await expectWhole(shop)
    }

    @Test func `killed while it recovers, it recovers at the next start`() async throws {
        let shop = try TansuShop()
        try await shop.fill(events: 4_000, seed: 5)
        _ = try await shop.finish()
        try await shop.fill(events: 4_000, seed: 6)
        let doomed = try shop.run(["SHOAL_CRASH_AT": "recovering:1"])
        #expect(await doomed.exit(within: 60) == .signal(SIGKILL), "\(doomed.errors)")
        try await expectWhole(shop)
    }

    /// Lets the daemon finish, and expects that all 8,000 events are committed and no change is missing.
    private func expectWhole(_ shop: TansuShop) async throws {
        let last = try await shop.finish()
        #expect(last.exit == .code(0), "\(last.errors)")
        #expect(try shop.committedCount() == 8_000)
        let revisions = try shop.revisions()
        #expect(revisions.count > 300)
        for (customer, revisions) in revisions {
            #expect(revisions == Array(1...revisions.count), "\(customer)")
        }
    }

    @Test func `SIGTERM commits what is done and ends within ten seconds`() async throws {
        let shop = try TansuShop()
        try await shop.fill(events: 4_000, seed: 5)
        let daemon = try shop.run()
        #expect(await daemon.logs("first model", within: 60), "\(daemon.errors)")
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
        #expect(daemon.errors.contains("everything processed is committed"))
        #expect(try shop.committedCount() == 4_000)
    }

    @Test func `fenced by another producer of its identity it stops, and commits nothing more`() async throws
    {
        let shop = try TansuShop()
        try await shop.fill(events: 4_000, seed: 5)
        let daemon = try shop.run()
        #expect(await daemon.logs("first model", within: 60), "\(daemon.errors)")
        let thief = try KafkaProducer(
            properties: [
                "bootstrap.servers": shop.bootstrap, "transactional.id": "\(shop.name)-first-lane 0",
            ], events: { _ in })
        try thief.initialiseTransactions(timeoutMilliseconds: 20_000)
        thief.close()
        try await shop.fill(events: 1_000, seed: 6)
        #expect(await daemon.exit(within: 30) == .code(1), "\(daemon.errors)")
        #expect(daemon.errors.contains("another process has taken over the transactional id"))
        #expect(try shop.committedCount() == 4_000)
    }
}
