internal import NIOCore
internal import NIOEmbedded
@testable internal import ShoalService
internal import Synchronization
internal import Testing

/// Who is let go because they do not read.
@Suite struct SubscriberListTests {
    private final class Clock: Sendable {
        let now = Atomic<Int64>(0)
    }

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: .init(unixDomainSocketPath: "/reader")).wait()
        return channel
    }

    @Test func `a reader who takes nothing for half a minute is let go, and nobody else`() throws {
        let clock = Clock()
        let list = SubscriberList(countMax: 8) { clock.now.load(ordering: .relaxed) }
        let (asleep, slow, idle) = (try channel(), try channel(), try channel())
        let ids = try [asleep, slow, idle].map { try #require(list.join($0)) }
        list.beginsWriting(ids[0])
        list.beginsWriting(ids[1])
        clock.now.store(20_000, ordering: .relaxed)
        list.hasWritten(ids[1])
        list.beginsWriting(ids[1])
        clock.now.store(30_000, ordering: .relaxed)
        list.dropSilent()
        #expect(list.count == 3 && list.dropped == 0)
        clock.now.store(30_001, ordering: .relaxed)
        list.dropSilent()
        #expect(list.count == 2 && list.dropped == 1)
        #expect(!asleep.isActive && slow.isActive && idle.isActive)
        // Its connection ends later, and is not counted out twice.
        list.leave(ids[0])
        #expect(list.count == 2)
    }

    @Test func `no more are taken in than there is room for`() throws {
        let list = SubscriberList(countMax: 2)
        let first = list.join(try channel())
        #expect(list.join(try channel()) != nil)
        #expect(!list.hasRoom)
        #expect(list.join(try channel()) == nil)
        list.leave(try #require(first))
        #expect(list.hasRoom)
        #expect(list.join(try channel()) != nil)
    }
}
