package import ShoalCore

/// What an engine can say of itself at one moment; cheap enough to ask for a few times a second.
package struct EngineStatus: Sendable {
    package enum Phase: String, Sendable {
        case waitingForBroker = "waiting for the broker"
        case waitingForTopics = "waiting for the input topics"
        case running, stopping, stopped, failed
    }

    /// A segment of the model in force, and who is in it here.
    package struct Segment: Sendable {
        package let id: String
        package let name: String
        /// Decayed share of the training vectors, 0…1.
        package let share: Double
        /// Customers of this process.
        package let members: Int
        package let entered: Int
        package let left: Int
    }

    package var phase = Phase.waitingForBroker
    /// Why it failed; `nil` otherwise.
    package var failure: String?
    package var uptimeMilliseconds: Int64 = 0
    package var lanes: [LaneStatus] = []
    package var snapshots = SnapshotCounts()
    package var trainer = TrainerStatus()
    /// `nil` where every source is keyed by customer.
    package var router: RouterStatus?
    /// Input records per second, over the last few seconds.
    package var recordsPerSecond = 0.0
    package var segments: [Segment] = []
    /// 0 before the first model.
    package var modelVersion = 0
    package var modelGeneration = 0
    /// Drift alerts that are not resolved.
    package var alerts: [DriftAlert] { trainer.alerts }

    package init() {}

    /// Input records processed since start.
    package var records: Int { lanes.reduce(0) { $0 + $1.records } }
    package var misplacedRecords: Int { lanes.reduce(0) { $0 + $1.misplacedRecords } }
    /// With what the router has rejected or ignored, as lanes never see that.
    package var counters: ShardCounters {
        lanes.reduce(router?.counters ?? ShardCounters()) { $0 + $1.counters }
    }
    package var customers: Int { lanes.reduce(0) { $0 + $1.customers } }
    package var profileBytes: Int { lanes.reduce(0) { $0 + $1.profileBytes } }
    package var partitionCount: Int { lanes.reduce(0) { $0 + $1.partitions.count } }
    /// Records that the partitions hold beyond what is processed.
    package var lagRecords: Int64 { lanes.reduce(0) { $0 + $1.lagRecords } }
    package var rejections: RejectionCounts {
        lanes.reduce(router?.rejections ?? RejectionCounts()) { $0 + $1.rejections }
    }
    /// Who went from where to where since start.
    package var moves: SegmentMoves { lanes.reduce(SegmentMoves()) { $0 + $1.moves } }
    /// The newest event time, epoch milliseconds; `nil` before the first event.
    package var streamTimeMilliseconds: Int64? { lanes.compactMap(\.streamTimeMilliseconds).max() }
    /// Of the lanes together.
    package var latency: LatencyMeter { Self.sum(of: lanes.map(\.latency)) }
    package var commits: LatencyMeter { Self.sum(of: lanes.map(\.commits)) }

    private static func sum(of meters: [LatencyMeter]) -> LatencyMeter {
        guard var sum = meters.first else { return LatencyMeter() }
        for meter in meters.dropFirst() { sum.add(meter) }
        return sum
    }

    package var lostPlaces: Int { lanes.reduce(0) { $0 + $1.lostPlaces } }
    package var outstandingRecords: Int { lanes.reduce(0) { $0 + $1.outstandingRecords } }
    /// When a lane last committed, epoch milliseconds; `nil` before.
    package var committedAtEpochMilliseconds: Int64? {
        lanes.compactMap(\.committedAtEpochMilliseconds).max()
    }

    /// Whether everything is routed, every lane knows its partitions and there are some, all of them are
    /// processed to their ends, and the trainer has learned from what it has read.
    package var isIdle: Bool {
        phase == .running && router?.isIdle != false && partitionCount > 0 && lagRecords == 0
            && !trainer.isLearning
            && lanes.allSatisfy {
                $0.hasJoined && ($0.phase == .live || $0.phase == .joining)
            }
    }
}
