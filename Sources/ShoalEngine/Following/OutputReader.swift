internal import Foundation
internal import ShoalKafka

/// Reads `segment-changes` and `drift-alerts` as any subscriber would, for people who watch this process.
///
/// It takes no part in the engine's work: whatever happens to it is logged, and it begins again. Changes are
/// read only while somebody listens.
struct OutputReader {
    private static let name = "follower"
    private static let idleMilliseconds: Int32 = 50
    private static let recordsPerPoll = 1_000
    /// The same where no more than so many bytes are to be read.
    private static let recordsPerPacedPoll = 64
    private static let askMilliseconds: Int32 = 2_000
    private static let restSeconds = 0.05
    private static let againMilliseconds: Int64 = 2_000
    /// Records of before that are told at first, so that there is something to see: per partition of changes,
    /// and alerts.
    private static let earlierChanges: Int64 = 25
    private static let earlierAlerts: Int64 = 200
    /// Further behind than so many changes, whoever reads at a limited pace goes on at the newest ones.
    private static let behindMax: Int64 = 8_192
    private static let jumpMilliseconds: Int64 = 1_000
    /// Little is fetched ahead, because it is dropped at each jump.
    private static let properties: KafkaProperties = [
        "auto.offset.reset": "latest", "queued.min.messages": "1000", "queued.max.messages.kbytes": "1024",
    ]

    let shared: EngineShared
    let follower: any OutputFollower

    func runUntilStopped() {
        while !shared.isStopping {
            do throws(KafkaError) {
                try follow()
            } catch {
                shared.log.throttledWarning(Self.name, "\(Self.name): beginning again: \(error)")
                pause()
            }
        }
    }

    private func follow() throws(KafkaError) {
        var properties = shared.settings.kafka
        properties.setDefaults(Self.properties)
        let consumer = try KafkaConsumer(
            group: nil, properties: properties,
            events: shared.log.sink(client: Self.name) { _ in })
        // Where each partition is read on from.
        var next: [KafkaTopicPartition: Int64] = [:]
        let alerts = KafkaTopicPartition(topic: shared.settings.topics.alerts, partition: 0)
        next[alerts] = try start(of: alerts, earlier: Self.earlierAlerts, consumer)
        var isFollowingChanges = false
        var pace = ReadingPace(now: shared.clock())
        var jumpedAt = Int64.min / 2
        try consumer.assign(next.map { KafkaPartitionOffset($0.key, offset: $0.value) })
        while !shared.isStopping {
            let (wanted, now) = (follower.changeBytesPerSecond, shared.clock())
            if (wanted > 0) != isFollowingChanges {
                isFollowingChanges.toggle()
                try turn(isFollowingChanges, &next, consumer)
            }
            pace.refill(bytesPerSecond: wanted, now: now)
            if pace.isLimited, now - jumpedAt >= Self.jumpMilliseconds, isBehind(next, consumer) {
                jumpedAt = now
                try jump(&next, consumer)
            }
            if !isFollowingChanges || pace.isOpen {
                try poll(consumer, &next, &pace)
            } else {
                // Alerts come by the same way, and wait with the changes before them.
                Thread.sleep(forTimeInterval: Self.restSeconds)
            }
        }
        consumer.close()
    }

    /// Takes up the topic of changes, or lets go of it.
    private func turn(
        _ isOn: Bool, _ next: inout [KafkaTopicPartition: Int64], _ consumer: borrowing KafkaConsumer
    ) throws(KafkaError) {
        let topic = shared.settings.topics.changes
        for number in 0..<(try changesPartitionCount(consumer)) {
            let partition = KafkaTopicPartition(topic: topic, partition: number)
            next[partition] = isOn ? try start(of: partition, earlier: Self.earlierChanges, consumer) : nil
        }
        if !isOn { follower.missedChanges() }
        try consumer.assign(next.map { KafkaPartitionOffset($0.key, offset: $0.value) })
    }

    // MARK: When more is written than is wanted

    private func isBehind(
        _ next: [KafkaTopicPartition: Int64], _ consumer: borrowing KafkaConsumer
    ) -> Bool {
        var waiting: Int64 = 0
        for (partition, offset) in next where partition.topic == shared.settings.topics.changes {
            waiting += max(0, (consumer.cachedWatermarks(partition)?.upperBound ?? 0) - offset)
        }
        return waiting > Self.behindMax
    }

    /// Goes on at the newest changes.
    private func jump(
        _ next: inout [KafkaTopicPartition: Int64], _ consumer: borrowing KafkaConsumer
    ) throws(KafkaError) {
        var passed: Int64 = 0
        var places: [KafkaPartitionOffset] = []
        for (partition, offset) in next where partition.topic == shared.settings.topics.changes {
            let place = max(offset, try start(of: partition, earlier: Self.earlierChanges, consumer))
            passed += place - offset
            next[partition] = place
            places.append(KafkaPartitionOffset(partition, offset: place))
        }
        try consumer.seek(places, timeoutMilliseconds: Self.askMilliseconds)
        follower.passedOver(changes: Int(passed))
    }

    private func changesPartitionCount(_ consumer: borrowing KafkaConsumer) throws(KafkaError) -> Int32 {
        let topic = shared.settings.topics.changes
        return try consumer.partitionCounts([topic], timeoutMilliseconds: Self.askMilliseconds)[topic] ?? 0
    }

    private func start(
        of partition: KafkaTopicPartition, earlier: Int64, _ consumer: borrowing KafkaConsumer
    ) throws(KafkaError) -> Int64 {
        let held = try consumer.watermarks(partition, timeoutMilliseconds: Self.askMilliseconds)
        return max(held.lowerBound, held.upperBound - earlier)
    }

    private func poll(
        _ consumer: borrowing KafkaConsumer, _ next: inout [KafkaTopicPartition: Int64],
        _ pace: inout ReadingPace
    ) throws(KafkaError) {
        let names = shared.settings.topics
        let topics = consumer.topics
        var changes: [FollowedChange] = []
        var alerts: [[UInt8]] = []
        let result = consumer.poll(
            limit: pace.isLimited ? Self.recordsPerPacedPoll : Self.recordsPerPoll,
            timeoutMilliseconds: Self.idleMilliseconds
        ) { (record: borrowing KafkaRecord) in
            let topic = topics[record.topicIndex]
            next[KafkaTopicPartition(topic: topic, partition: record.partition)] = record.offset + 1
            guard let value = record.value else { return }
            if topic == names.alerts {
                alerts.append(Self.copy(value))
            } else if let key = record.key {
                pace.spend(value.count)
                changes.append(FollowedChange(customer: Self.copy(key), value: Self.copy(value)))
            }
        }
        if !changes.isEmpty { follower.receive(changes: changes) }
        if !alerts.isEmpty { follower.receive(alerts: alerts) }
        if case .failed(let error) = result.event {
            if error.isFatal { throw error }
            shared.log.throttledWarning(Self.name, "\(Self.name): \(error)")
        }
    }

    private static func copy(_ span: Span<UInt8>) -> [UInt8] {
        // Safe: copied at once.
        unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }

    private func pause() {
        let end = shared.clock() + Self.againMilliseconds
        while !shared.isStopping, shared.clock() < end { Thread.sleep(forTimeInterval: Self.restSeconds) }
    }
}
