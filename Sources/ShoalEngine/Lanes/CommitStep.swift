package import ShoalKafka

/// Makes a lane's work final, at least once: outputs first, then the input offsets they stand for.
///
/// While a lane works it does not wait for its outputs: `begin` remembers the offsets, `finish` commits them
/// once what was produced before is in Kafka. `run` waits, where everything processed is to be committed.
///
/// Between the two a crash repeats work; never is an offset committed whose outputs are not in Kafka.
package struct CommitStep {
    package enum Outcome: Equatable {
        case nothingToDo
        case committed([KafkaPartitionOffset])
        /// The broker is slow or away; the same work is committed next time.
        case postponed(KafkaError)
        /// The group has moved on: somebody else processes these records again.
        case refused(KafkaError)
    }

    private let intervalMilliseconds: Int64
    private var lastMilliseconds: Int64
    /// What is to be committed once its outputs are delivered.
    private var pending: [KafkaPartitionOffset] = []

    package init(intervalMilliseconds: Int64, now: Int64) {
        self.intervalMilliseconds = intervalMilliseconds
        lastMilliseconds = now
    }

    /// Whether it is time to commit.
    ///
    /// - Parameter now: milliseconds of a monotonic clock.
    /// - Returns: whether the interval has passed, and no commit is on its way.
    package func isDue(now: Int64) -> Bool {
        pending.isEmpty && now - lastMilliseconds >= intervalMilliseconds
    }

    /// Whether a commit has begun.
    package var isPending: Bool { !pending.isEmpty }

    /// How long a commit that has begun has been on its way.
    package func waitedMilliseconds(now: Int64) -> Int64 { now - lastMilliseconds }

    /// Begins a commit, if there is anything to commit.
    ///
    /// - Parameters:
    ///   - ledger: whose uncommitted offsets they are; every output of theirs has been produced.
    ///   - now: milliseconds of a monotonic clock.
    /// - Returns: whether `finish` is to follow once what has been produced is delivered.
    package mutating func begin(_ ledger: PartitionLedger, now: Int64) -> Bool {
        restart(now: now)
        pending = ledger.uncommitted
        return isPending
    }

    /// Forgets a commit that has begun: its partitions go, or all is committed at once.
    package mutating func abandon() { pending = [] }

    /// Commits what was begun.
    ///
    /// - Parameters:
    ///   - ledger: gets to know what was committed.
    ///   - commit: hands offsets to the group.
    /// - Returns: what became of it.
    /// - Throws: what ends the lane.
    /// - Precondition: the outputs are in Kafka.
    package mutating func finish(
        ledger: inout PartitionLedger, commit: ([KafkaPartitionOffset]) throws(KafkaError) -> Void
    ) throws(KafkaError) -> Outcome {
        let offsets = pending
        pending = []
        return try Self.hand(offsets, ledger: &ledger, commit: commit)
    }

    /// Counts the interval from here.
    package mutating func restart(now: Int64) { lastMilliseconds = now }

    /// Flushes and commits.
    ///
    /// - Parameters:
    ///   - ledger: gets to know what was committed.
    ///   - now: milliseconds of a monotonic clock.
    ///   - flush: returns when every output is in Kafka.
    ///   - commit: hands offsets to the group.
    /// - Returns: What became of it.
    /// - Throws: What ends the lane: an output that Kafka will not take, or a fatal state.
    package mutating func run(
        ledger: inout PartitionLedger, now: Int64, flush: () throws(KafkaError) -> Void,
        commit: ([KafkaPartitionOffset]) throws(KafkaError) -> Void
    ) throws(KafkaError) -> Outcome {
        restart(now: now)
        pending = []
        let offsets = ledger.uncommitted
        guard !offsets.isEmpty else { return .nothingToDo }
        do {
            try flush()
        } catch {
            if error.isTimeout, !error.isFatal { return .postponed(error) }
            throw error
        }
        return try Self.hand(offsets, ledger: &ledger, commit: commit)
    }

    private static func hand(
        _ offsets: [KafkaPartitionOffset], ledger: inout PartitionLedger,
        commit: ([KafkaPartitionOffset]) throws(KafkaError) -> Void
    ) throws(KafkaError) -> Outcome {
        do {
            try commit(offsets)
        } catch {
            if error.isFatal { throw error }
            if error.isMembershipStale { return .refused(error) }
            if error.isRetriable { return .postponed(error) }
            throw error
        }
        ledger.noteCommitted(offsets)
        return .committed(offsets)
    }
}
