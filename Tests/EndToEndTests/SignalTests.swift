internal import Foundation
internal import Testing

/// Signals sent to the daemon, and what it is worth afterwards.
@Suite(.serialized) struct SignalTests {
    @Test func `hang-up and a broken pipe do not end it, a pause costs no partition, Ctrl-C ends it well`()
        async throws
    {
        let shop = try await FaultShop()
        try await shop.fill(seed: 1, events: 2_000)
        let daemon = try shop.start("signals", environment: FaultShop.patience)
        #expect(try await shop.committed("signals", reaching: 2_000) == 2_000, "\(daemon.errors)")
        daemon.kill(SIGHUP)
        daemon.kill(SIGPIPE)
        daemon.kill(SIGSTOP)
        // It pauses while events go on arriving.
        try await shop.fill(seed: 2, events: 2_000)
        daemon.kill(SIGCONT)
        #expect(try await shop.committed("signals", reaching: 4_000) == 4_000, "\(daemon.errors)")
        #expect(await daemon.stops(by: SIGINT) == .code(0), "\(daemon.errors)")
        #expect(daemon.errors.contains("everything processed is committed"))
        #expect(daemon.lineCount(with: ": assigned ") == 1, "\(daemon.errors)")
        let found = try shop.profiles("signals")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func `ended for good while it stops, it goes on at the next start`(second: Int32) async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 3, events: 4_000)
        let daemon = try shop.start("twice")
        // In both groups: librdkafka's mock cluster may abort where a member dies while it joins.
        #expect(await daemon.logs(": assigned ", within: 60), "\(daemon.errors)")
        #expect(await daemon.logs("trainer: active", within: 60), "\(daemon.errors)")
        daemon.kill(SIGTERM)
        daemon.kill(second)
        let exit = await daemon.exit(within: 60)
        // It may have been done before the second came.
        #expect(exit == .signal(second) || exit == .code(0), "\(daemon.errors)")
        _ = try await shop.finish("twice")
        #expect(try await shop.committed("twice", reaching: 4_000) == 4_000)
        let found = try shop.profiles("twice")
        #expect(try found.count > 200 && found == shop.reference())
    }
}
