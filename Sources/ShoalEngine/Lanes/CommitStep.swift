package import ShoalKafka

/// Makes a lane's work final, at least once: outputs first, then the input offsets they stand for.
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

    package init(intervalMilliseconds: Int64, now: Int64) {
        self.intervalMilliseconds = intervalMilliseconds
        lastMilliseconds = now
    }

    /// Whether it is time to commit.
    ///
    /// - Parameter now: milliseconds of a monotonic clock.
    /// - Returns: whether the interval has passed.
    package func isDue(now: Int64) -> Bool { now - lastMilliseconds >= intervalMilliseconds }

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
        let offsets = ledger.uncommitted
        guard !offsets.isEmpty else { return .nothingToDo }
        do {
            try flush()
        } catch {
            if error.isTimeout, !error.isFatal { return .postponed(error) }
            throw error
        }
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
