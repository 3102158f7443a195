/// How long records wait for the commit that makes them final, and how long that commit takes.
struct LaneTimings {
    private struct Waiting {
        /// The Kafka timestamp of the oldest record of a batch, epoch milliseconds.
        let oldest: Int64
        let count: Int
    }

    /// Batches that wait; more are taken together with the last.
    private static let waitingMax = 1_024

    private(set) var latency = LatencyMeter()
    private(set) var commit = LatencyMeter()
    private var waiting: [Waiting] = []
    private var oldest = Int64.max
    private var count = 0

    /// Notes a record of the batch.
    @inline(__always)
    mutating func note(timestampMilliseconds: Int64?) {
        guard let timestamp = timestampMilliseconds else { return }
        oldest = min(oldest, timestamp)
        count &+= 1
    }

    /// Ends the batch: all of its records count as old as its oldest.
    mutating func endBatch() {
        guard count > 0 else { return }
        if waiting.count < Self.waitingMax {
            waiting.append(Waiting(oldest: oldest, count: count))
        } else if let last = waiting.popLast() {
            waiting.append(Waiting(oldest: min(oldest, last.oldest), count: last.count + count))
        }
        oldest = .max
        count = 0
    }

    var isWaiting: Bool { !waiting.isEmpty }

    /// What waited has gone out.
    ///
    /// - Parameter now: epoch milliseconds.
    mutating func settle(now: Int64) {
        for batch in waiting { latency.record(milliseconds: now - batch.oldest, count: batch.count) }
        waiting.removeAll(keepingCapacity: true)
    }

    mutating func noteCommit(milliseconds: Int64) { commit.record(milliseconds: milliseconds) }

    /// What waited is lost, and will be read again.
    mutating func forgetWaiting() {
        waiting.removeAll(keepingCapacity: true)
        oldest = .max
        count = 0
    }

    /// Lets the recent figures forget what is old.
    mutating func turn(now: Int64) {
        latency.turn(now: now)
        commit.turn(now: now)
    }
}
