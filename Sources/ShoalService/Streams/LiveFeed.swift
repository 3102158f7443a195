package import ShoalEngine
internal import Synchronization

/// The newest changes and alerts, for any number of subscribers who read at their own pace.
///
/// A ring: whoever is slower than it turns misses some and is told how many, and nobody waits for anybody.
package final class LiveFeed: OutputFollower {
    /// What a subscriber gets at once.
    struct Portion {
        var changes: [(sequence: Int, change: FeedChange)] = []
        /// Changes that were passed over, wanted or not.
        var missed = 0
        /// The sequence number to go on from.
        var next: Int
    }

    struct Alerts {
        var records: [(sequence: Int, json: [UInt8])] = []
        var next: Int
    }

    /// Changes kept: some 6 MB.
    static let changesMax = 8_192
    /// Alerts kept, each state of one counted.
    static let alertsMax = 200

    private struct State {
        var changes = ChangeRing(capacity: LiveFeed.changesMax)
        var alerts: [[UInt8]] = []
        var nextAlert = 0
        /// Of all changes.
        var unfiltered = 0
        /// Of those of one segment or customer.
        var filtered = 0
        /// Until when changes are wanted although nobody subscribes, milliseconds of a monotonic clock.
        var wantedUntil: Int64 = .min
        var isClosed = false
    }

    /// Somebody who lost the connection may go on from where they were for this long.
    private static let graceMilliseconds: Int64 = 60_000
    /// What subscribers of all changes can be told together, so that they cost a few per cent of a core.
    static let bytesPerSecond = 8_000_000
    /// Read for however many there are: a thousand changes a second.
    private static let readBytesPerSecondMin = 1_000_000

    private let state = Mutex(State())
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds of a monotonic clock.
    package init(clock: @escaping @Sendable () -> Int64) { self.clock = clock }

    // MARK: From Kafka

    /// All that there are while somebody wants those of one segment or customer, which may be any; else as
    /// many as one subscriber can be told.
    package var changeBytesPerSecond: Int {
        let now = clock()
        return state.withLock { state in
            guard !state.isClosed else { return 0 }
            if state.filtered > 0 { return .max }
            guard state.unfiltered > 0 || now < state.wantedUntil else { return 0 }
            return max(Self.bytesPerSecond / max(1, state.unfiltered), Self.readBytesPerSecondMin)
        }
    }

    package func receive(changes: [FollowedChange]) {
        // Whatever else somebody has written into the topic would not be JSON in the middle of an answer.
        let parsed = changes.filter { Self.isRecord($0.value) }.compactMap { change in
            ChangeFields(change.value.span).map { fields in
                FeedChange(
                    customer: change.customer, origin: fields.origin, segment: fields.segment,
                    json: change.value)
            }
        }
        state.withLock { state in
            for change in parsed { state.changes.append(change) }
        }
    }

    private static let recordStart = Array(#"{"schema":"shoal.segment-change/1","#.utf8)

    private static func isRecord(_ value: [UInt8]) -> Bool {
        value.starts(with: recordStart) && value.last == UInt8(ascii: "}")
            && !value.contains(UInt8(ascii: "\n"))
    }

    package func receive(alerts: [[UInt8]]) {
        let alerts = alerts.filter { !$0.contains(UInt8(ascii: "\n")) && AlertHead($0) != nil }
        state.withLock { state in
            state.alerts += alerts
            state.alerts.removeFirst(max(0, state.alerts.count - Self.alertsMax))
            state.nextAlert += alerts.count
        }
    }

    package func passedOver(changes count: Int) { state.withLock { $0.changes.pass(over: count) } }

    package func missedChanges() { state.withLock { $0.changes.interrupt() } }

    // MARK: For subscribers

    /// Counts a subscriber in.
    ///
    /// - Returns: false if the feed has ended.
    func join(_ filter: ChangeFilter) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            if filter.admitsAll { state.unfiltered += 1 } else { state.filtered += 1 }
            return true
        }
    }

    /// Counts a subscriber out, who joined with the same filter.
    func leave(_ filter: ChangeFilter) {
        let until = clock() + Self.graceMilliseconds
        state.withLock { state in
            if filter.admitsAll { state.unfiltered -= 1 } else { state.filtered -= 1 }
            state.wantedUntil = until
        }
    }

    /// Ends everybody's subscription.
    package func close() { state.withLock { $0.isClosed = true } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Changes from a sequence number on.
    ///
    /// - Parameters:
    ///   - start: where the subscriber is.
    ///   - filter: what they want.
    ///   - bytesMax: of the changes together; one is told whatever its size.
    /// - Returns: the oldest wanted ones, and where to go on.
    func portion(from start: Int, _ filter: ChangeFilter, bytesMax: Int) -> Portion {
        state.withLock { state in
            let ring = state.changes
            var portion = Portion(next: start)
            var bytes = 0
            for position in ring.position(of: start)..<ring.count {
                let (number, change) = ring[position]
                if filter.admits(change) {
                    if bytes > 0, bytes + change.json.count > bytesMax { return portion }
                    bytes += change.json.count
                    portion.changes.append((number, change))
                }
                portion.missed += number - portion.next
                portion.next = number + 1
            }
            portion.missed += max(0, ring.next - portion.next)
            portion.next = max(portion.next, ring.next)
            return portion
        }
    }

    /// The number that the next change gets.
    var newest: Int { state.withLock { $0.changes.next } }

    /// Takes a subscriber who is far behind to the newest changes.
    ///
    /// - Parameters:
    ///   - next: where they are.
    ///   - limit: how many changes may wait for them.
    ///   - count: how many of the newest are left to them.
    /// - Returns: how many were passed over.
    func skip(_ next: inout Int, beyond limit: Int, keeping count: Int) -> Int {
        let start = next
        next = state.withLock { state in
            let ring = state.changes
            guard ring.count - ring.position(of: start) > limit else { return start }
            return ring[ring.count - count].number
        }
        return next - start
    }

    /// Changes of one customer that are still kept, newest first.
    func recentChanges(of customer: [UInt8], countMax: Int) -> [FeedChange] {
        state.withLock { $0.changes.changes(of: customer, countMax: countMax) }
    }

    /// Alerts from a sequence number on; all that are kept from 0.
    func alerts(from start: Int) -> Alerts {
        state.withLock { state in
            let oldest = state.nextAlert - state.alerts.count
            var alerts = Alerts(next: state.nextAlert)
            for index in max(0, start - oldest)..<max(max(0, start - oldest), state.alerts.count) {
                alerts.records.append((oldest + index, state.alerts[index]))
            }
            return alerts
        }
    }
}
