internal import Foundation
internal import ShoalCore
internal import ShoalKafka
internal import Synchronization

/// Gives the records of sources that are not keyed by customer the customer's id as key, in the topic that
/// lanes read.
///
/// A record keeps its bytes, headers and time. Murmur2 of the id puts it where the customer's other events
/// are, and a header names its source, so that the lane reads it by that source's mapping (`RoutedSources`).
/// What cannot be used has no customer to be keyed by; it goes to dead letters here, and no lane sees it.
///
/// It keeps nothing from one record to the next. So all trouble has one answer, a new `RouterSession`: its
/// producer fences the one before, whose transaction is thereby aborted or was committed, and the group's
/// offsets say which.
struct Router<Consumer: LaneConsumer & ~Copyable, Producer: LaneProducer & ~Copyable>: ~Copyable
where Consumer.Membership == Producer.Membership {
    static var name: String { "router" }
    private static var publishMilliseconds: Int64 { 200 }
    private static var restSeconds: Double { 0.02 }
    /// Sessions that may be lost one after the other; with the waits in between, half a minute.
    private static var lossesMax: Int { 8 }

    private let shared: EngineShared
    private let partitionCount: Int32
    private var session: RouterSession<Consumer, Producer>?
    private var losses = 0
    private var backOff = BackOff(minMilliseconds: 100, maxMilliseconds: 10_000)
    private var opensAt: Int64 = 0
    private var publishedAt: Int64 = 0
    /// Of sessions that have ended.
    private var before = RouterStatus()

    /// - Parameters:
    ///   - shared: the engine's.
    ///   - partitionCount: of the topic that lanes read.
    init(shared: EngineShared, partitionCount: Int) {
        self.shared = shared
        self.partitionCount = Int32(partitionCount)
    }

    consuming func close() { session?.close() }

    /// Works until the engine stops.
    ///
    /// - Throws: What ends the engine.
    mutating func runUntilStopped() throws(EngineError) {
        while !shared.isStopping {
            if try !step() { Thread.sleep(forTimeInterval: Self.restSeconds) }
        }
    }

    /// One batch, and what it leads to.
    ///
    /// - Returns: false while it waits before it begins again.
    /// - Throws: What ends the engine.
    mutating func step() throws(EngineError) -> Bool {
        let now = shared.clock()
        guard var current = session.take() else {
            if now < opensAt { return false }
            do throws(KafkaError) {
                session = try RouterSession(shared: shared, partitionCount: partitionCount)
            } catch {
                throw .kafka(part: Self.name, error)
            }
            return true
        }
        let trouble = try Self.trouble { try current.step() }
        if current.hasCommitted {
            losses = 0
            backOff.reset()
        }
        if trouble == nil, !current.isSpent {
            if now - publishedAt >= Self.publishMilliseconds { publish(current.status, now: now) }
            session = consume current
            return true
        }
        let isFencedEarly = trouble?.isFenced == true && current.isWithinTransaction
        add(current.settled)
        current.close()
        shared.log.forget(client: "\(Self.name) producer")
        publish(RouterStatus(), now: now)
        if let trouble { try lost(trouble, isFencedEarly: isFencedEarly) }
        return true
    }

    /// Sends and commits what was read, within the time that the engine has left.
    ///
    /// - Throws: What ends the engine.
    mutating func finish() throws(EngineError) {
        guard var current = session.take() else { return }
        let trouble = try Self.trouble { _ = try current.finish() }
        if let trouble {
            shared.log.warning("\(Self.name): what it read last is routed at the next start: \(trouble)")
        }
        session = consume current
    }

    /// Waits before the next session, or gives up.
    private mutating func lost(_ error: KafkaError, isFencedEarly: Bool) throws(EngineError) {
        if isFencedEarly {
            let id = shared.settings.transactionalID(slot: Self.name)
            throw .fenced(part: Self.name, transactionalID: id, error)
        }
        losses += 1
        if losses > Self.lossesMax { throw .transactionsLost(part: Self.name, error) }
        let rest = backOff.next()
        opensAt = shared.clock() + rest
        shared.log.throttledWarning(
            "\(Self.name) lost", "\(Self.name): beginning again from the last commit in \(rest) ms: \(error)")
    }

    /// - Returns: what another session can mend.
    private static func trouble(_ body: () throws -> Void) throws(EngineError) -> KafkaError? {
        do {
            try body()
            return nil
        } catch let error as EngineError {
            throw error
        } catch let error as KafkaError {
            return error
        } catch {
            preconditionFailure("Nothing else is thrown above.")
        }
    }

    private mutating func add(_ status: RouterStatus) {
        before.records += status.records
        before.counters = before.counters + status.counters
        before.rejections = before.rejections + status.rejections
    }

    private mutating func publish(_ status: RouterStatus, now: Int64) {
        publishedAt = now
        var status = status
        status.records += before.records
        status.counters = status.counters + before.counters
        status.rejections = status.rejections + before.rejections
        shared.routerStatus.withLock { $0 = status }
    }
}
