internal import ShoalCore
internal import ShoalEngine

/// What the process measures of itself, for Prometheus.
///
/// Labels have values from a bounded set: partitions of the input, reasons, segments of the model, monitors;
/// never a customer.
struct EngineMetrics {
    private let status: EngineStatus
    private let state: ServiceState
    private var page = PrometheusText()

    static func text(_ state: ServiceState) -> String {
        var metrics = EngineMetrics(status: state.engine.status(), state: state)
        metrics.writeEvents()
        metrics.writeLanes()
        metrics.writeTimes()
        metrics.writeModel()
        metrics.writeDrift()
        metrics.writeReaders()
        return metrics.page.text
    }

    private init(status: EngineStatus, state: ServiceState) {
        self.status = status
        self.state = state
    }

    private mutating func one(
        _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: Int
    ) {
        page.metric(name, kind, help)
        page.sample(value)
    }

    private mutating func writeEvents() {
        let counters = status.counters
        page.metric("shoal_events_total", .counter, "Input records since start, by what became of them.")
        for (outcome, count) in [
            ("accepted", counters.accepted), ("rejected", counters.rejected),
            ("duplicate", counters.duplicates), ("ignored", counters.ignored),
        ] {
            page.sample(count, [("outcome", outcome)])
        }
        page.metric("shoal_dead_letters_total", .counter, "Records that could not be used, by reason.")
        for reason in EventRejection.Reason.allCases {
            page.sample(status.rejections[reason], [("reason", "\(reason.word)")])
        }
        one("shoal_segment_changes_total", .counter, "Changes of segment written.", counters.changes)
        one(
            "shoal_suppressed_flaps_total", .counter,
            "Evaluations that found another segment nearer, but not by enough or not often enough.",
            counters.suppressedFlaps)
        page.metric("shoal_profiles_removed_total", .counter, "Profiles that went, by cause.")
        for (cause, count) in [
            ("expired", counters.expired), ("displaced", counters.displaced), ("erased", counters.erased),
        ] {
            page.sample(count, [("cause", cause)])
        }
        one(
            "shoal_misplaced_records_total", .counter,
            "Records on another partition than murmur2 of their key chooses.", status.misplacedRecords)
        page.metric("shoal_events_per_second", .gauge, "Input records per second over the last five seconds.")
        page.sample(status.recordsPerSecond)
    }

    private mutating func writeLanes() {
        page.metric(
            "shoal_lag_records", .gauge, "Records of an owned partition that are still to be processed.")
        for lane in status.lanes {
            for lag in lane.lags {
                page.sample(
                    Int(lag.records),
                    [("topic", lag.topic), ("partition", "\(lag.partition)")])
            }
        }
        one("shoal_partitions_assigned", .gauge, "Partition numbers that lanes own.", status.partitionCount)
        one("shoal_customers", .gauge, "Customers with a profile in this process.", status.customers)
        one("shoal_profile_bytes", .gauge, "Memory held for profiles.", status.profileBytes)
        page.metric("shoal_profile_bytes_per_customer", .gauge, "The same for each customer.")
        page.sample(Double(status.profileBytes) / Double(max(1, status.customers)))
        one(
            "shoal_unsent_records", .gauge, "Outputs that are not in Kafka yet.", status.outstandingRecords)
        one(
            "shoal_lost_places_total", .counter,
            "How often reading went on at the first record, because the next one was gone.", status.lostPlaces
        )
        page.metric(
            "shoal_snapshots_total", .counter, "Snapshots of partitions since start, by what became of them.")
        for (outcome, count) in [
            ("saved", status.snapshots.saved), ("failed", status.snapshots.failed),
            ("unsent", status.snapshots.unsent),
        ] {
            page.sample(count, [("outcome", outcome)])
        }
        page.metric("shoal_lane_state", .gauge, "1 for the state that a lane is in.")
        for (index, lane) in status.lanes.enumerated() {
            page.sample(1, [("lane", "\(index)"), ("state", lane.phase.rawValue)])
        }
        let isReady = state.obstacles(status).isEmpty
        one(
            "shoal_ready", .gauge,
            "1 if partitions are assigned and restored, there is a model, and the lag does not keep growing.",
            isReady ? 1 : 0)
        page.metric("shoal_uptime_seconds", .gauge, "Since the engine started.")
        page.sample(Double(status.uptimeMilliseconds) / 1_000)
    }

    private mutating func writeTimes() {
        page.metric(
            "shoal_event_latency_seconds", .histogram,
            "From a record's Kafka timestamp to the commit that makes its outputs final.")
        page.samples(status.latency.all)
        page.metric("shoal_commit_duration_seconds", .histogram, "How long commits take.")
        page.samples(status.commits.all)
        guard let at = status.committedAtEpochMilliseconds else { return }
        page.metric("shoal_last_commit_timestamp_seconds", .gauge, "When a lane last committed.")
        page.sample(Double(at) / 1_000)
    }

    private mutating func writeModel() {
        one("shoal_model_version", .gauge, "Of the model in force; 0 before the first.", status.modelVersion)
        one("shoal_model_generation", .gauge, "The same of its structure.", status.modelGeneration)
        one("shoal_trainer_active", .gauge, "1 if this process trains.", status.trainer.isActive ? 1 : 0)
        one(
            "shoal_trainer_summaries_total", .counter, "Summaries that the trainer here has read.",
            status.trainer.summaries)
        guard !status.segments.isEmpty else { return }
        page.metric("shoal_segment_customers", .gauge, "Customers of this process in a segment.")
        for segment in status.segments { page.sample(segment.members, [("segment", segment.id)]) }
        page.metric("shoal_segment_share_ratio", .gauge, "Decayed share of the training vectors.")
        for segment in status.segments { page.sample(segment.share, [("segment", segment.id)]) }
        page.metric("shoal_segment_moves_total", .counter, "Customers who entered or left a segment.")
        for segment in status.segments {
            page.sample(segment.entered, [("segment", segment.id), ("direction", "entered")])
            page.sample(segment.left, [("segment", segment.id), ("direction", "left")])
        }
        page.metric(
            "shoal_segment_volatility_per_day", .gauge,
            "(entered + left) / size for each day of event time, over the last minute.")
        for segment in status.segments {
            page.sample(state.watch.flow(of: segment.id).volatilityPerDay, [("segment", segment.id)])
        }
    }

    private mutating func writeDrift() {
        page.metric(
            "shoal_drift_alerts", .gauge, "Drift alerts that are not resolved, by monitor and severity.")
        let active = status.alerts
        for monitor in DriftFinding.Monitor.allCases {
            for severity in DriftFinding.Severity.allCases {
                let count = active.count { $0.monitor == monitor && $0.severity == severity }
                page.sample(count, [("monitor", monitor.rawValue), ("severity", "\(severity)")])
            }
        }
        guard !active.isEmpty else { return }
        page.metric("shoal_drift_size", .gauge, "How far an alert's subject has moved, in its own statistic.")
        for alert in active {
            page.sample(
                alert.size,
                [
                    ("monitor", alert.monitor.rawValue), ("subject", alert.subject),
                    ("statistic", alert.statistic.rawValue),
                ])
        }
    }

    private mutating func writeReaders() {
        one("shoal_http_subscribers", .gauge, "Readers of server-sent events.", state.subscribers.count)
        one(
            "shoal_http_subscribers_dropped_total", .counter,
            "Readers that were let go because they did not read.",
            state.subscribers.dropped)
        one(
            "shoal_http_changes_missed_total", .counter,
            "Changes that slow readers were told they have missed.", state.subscribers.missedChanges)
        page.metric("shoal_customer_lookups_total", .counter, "Look-ups of customers, by how they went.")
        page.sample(state.lookUps.answered, [("outcome", "answered")])
        page.sample(state.lookUps.refused, [("outcome", "refused")])
        page.metric(
            "shoal_customer_lookup_duration_seconds", .histogram,
            "From a question about a customer to its answer, without HTTP.")
        page.samples(state.lookUps.durations)
    }
}
