internal import NIOCore
internal import ShoalEngine
internal import Synchronization

/// Who listens to a stream, and since when each has taken nothing.
final class SubscriberList: Sendable {
    private struct Subscriber {
        let channel: any Channel
        /// Since when a write waits for its reader, milliseconds of a monotonic clock; `nil` while none does.
        var waitingSince: Int64?
    }

    private struct State {
        var subscribers: [Int: Subscriber] = [:]
        var nextID = 0
        var dropped = 0
        var missedChanges = 0
    }

    /// A reader that takes nothing for so long has gone, whatever its connection says.
    private static let patienceMilliseconds: Int64 = 30_000

    private let countMax: Int
    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - countMax: at most so many at a time.
    ///   - clock: milliseconds of a monotonic clock.
    init(countMax: Int, clock: @escaping @Sendable () -> Int64 = { SystemClock.monotonicMilliseconds }) {
        self.countMax = countMax
        self.clock = clock
    }

    var count: Int { state.withLock { $0.subscribers.count } }
    /// Readers that were let go because they did not read.
    var dropped: Int { state.withLock { $0.dropped } }
    /// Changes that readers were told they have missed.
    var missedChanges: Int { state.withLock { $0.missedChanges } }

    var hasRoom: Bool { count < countMax }

    /// Takes a subscriber in.
    ///
    /// - Returns: its number; `nil` if there are too many.
    func join(_ channel: any Channel) -> Int? {
        state.withLock { state in
            guard state.subscribers.count < countMax else { return nil }
            state.nextID += 1
            state.subscribers[state.nextID] = Subscriber(channel: channel)
            return state.nextID
        }
    }

    func leave(_ id: Int) { _ = state.withLock { $0.subscribers.removeValue(forKey: id) } }

    func beginsWriting(_ id: Int) {
        let now = clock()
        state.withLock { $0.subscribers[id]?.waitingSince = now }
    }

    func hasWritten(_ id: Int) { state.withLock { $0.subscribers[id]?.waitingSince = nil } }

    func noteMissed(_ count: Int) { state.withLock { $0.missedChanges += count } }

    /// Lets go of those who do not read.
    func dropSilent() {
        let now = clock()
        let silent: [any Channel] = state.withLock { state in
            let ids = state.subscribers.filter {
                now - ($0.value.waitingSince ?? now) > Self.patienceMilliseconds
            }
            state.dropped += ids.count
            for id in ids.keys { state.subscribers[id] = nil }
            return ids.values.map(\.channel)
        }
        for channel in silent { channel.close(promise: nil) }
    }
}
