import Foundation
import ShoalKafka
import Synchronization
import Testing

extension Tag {
    @Tag static var broker: Self
}

/// What a consumed record was, copied.
struct CopiedRecord: Equatable {
    var topic: String
    var partition: Int32
    var offset: Int64
    var timestampMilliseconds: Int64?
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [KafkaHeader] = []
}

/// Gathers a client's events from any thread.
final class EventLog: Sendable {
    private let events = Mutex<[KafkaClientEvent]>([])
    var sink: KafkaEventSink { { event in self.events.withLock { $0.append(event) } } }
    var all: [KafkaClientEvent] { events.withLock { $0 } }

    var awayCount: Int {
        all.count {
            if case .brokersAway = $0 { true } else { false }
        }
    }
    var statistics: [String] {
        all.compactMap {
            if case .statistics(let json) = $0 { json } else { nil }
        }
    }
    var backCount: Int { all.count { $0 == .brokersBack } }
}

func quiet(_: KafkaClientEvent) {}

/// Polls of 100 ms each before a test gives up: 30 s, for a machine that is busy with other things.
let pollsMax = 300

func copy(_ span: Span<UInt8>?) -> [UInt8]? {
    guard let span else { return nil }
    return span.indices.map { span[$0] }
}

extension KafkaConsumer {
    /// Polls until `count` records are here or the bound is reached; rebalances are answered by default.
    func read(_ count: Int) throws -> [CopiedRecord] {
        var records: [CopiedRecord] = []
        for _ in 0..<pollsMax where records.count < count {
            _ = try poll(limit: count - records.count, timeoutMilliseconds: 100) { record in
                records.append(
                    CopiedRecord(
                        topic: topics[record.topicIndex], partition: record.partition, offset: record.offset,
                        timestampMilliseconds: record.timestampMilliseconds, key: copy(record.key),
                        value: copy(record.value), headers: try record.headers()))
            }
        }
        return records
    }

    /// Polls once, ignoring records, and returns the event if there was one.
    func nextEvent() -> KafkaConsumerEvent? {
        poll(limit: 1_000, timeoutMilliseconds: 100) { (_: borrowing KafkaRecord) in }.event
    }

    /// Polls, ignoring records and events, until `isDone` or the bound is reached.
    func poll(until isDone: (borrowing KafkaConsumer) -> Bool) {
        for _ in 0..<pollsMax where !isDone(self) { _ = nextEvent() }
    }

    /// Polls until an event satisfies `isWanted` or the bound is reached.
    func awaitEvent(_ isWanted: (KafkaConsumerEvent) -> Bool) -> KafkaConsumerEvent? {
        for _ in 0..<pollsMax {
            if let event = nextEvent(), isWanted(event) { return event }
        }
        return nil
    }
}

extension KafkaProducer {
    func produce(
        _ topic: KafkaTopicHandle, partition: Int32? = nil, key: [UInt8]?, value: [UInt8]?
    ) throws(KafkaError) {
        switch (key, value) {
        case (let key?, let value?):
            try produce(to: topic, partition: partition, key: key.span, value: value.span)
        case (let key?, nil):
            try produce(to: topic, partition: partition, key: key.span, value: nil)
        case (nil, let value?):
            try produce(to: topic, partition: partition, key: nil, value: value.span)
        case (nil, nil): try produce(to: topic, partition: partition, key: nil, value: nil)
        }
    }
}

/// Partition `index` of `topic` from its first record.
func start(_ topic: String, _ index: Int32 = 0) -> KafkaPartitionOffset {
    KafkaPartitionOffset(
        KafkaTopicPartition(topic: topic, partition: index), offset: KafkaPartitionOffset.beginning)
}
