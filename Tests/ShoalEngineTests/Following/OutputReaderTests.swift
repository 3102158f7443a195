import ShoalEngine
import ShoalKafka
import Synchronization
import Testing

/// The reader for people who watch, with more changes to read than are wanted.
@Suite(.tags(.broker), .serialized) struct OutputReaderTests {
    /// Gathers what it is told, at a pace that a test sets.
    private final class Watcher: OutputFollower {
        struct Seen {
            var bytesPerSecond = 0
            var numbers: [Int] = []
            var passed = 0
            /// How many numbers had come at each time that some were passed over.
            var jumps: [Int] = []
        }

        let seen = Mutex(Seen())

        var changeBytesPerSecond: Int { seen.withLock { $0.bytesPerSecond } }
        func receive(changes: [FollowedChange]) {
            let numbers = changes.compactMap { Int(String(decoding: $0.value, as: UTF8.self)) }
            seen.withLock { $0.numbers += numbers }
        }
        func receive(alerts: [[UInt8]]) {}
        func passedOver(changes count: Int) {
            seen.withLock { seen in
                seen.passed += count
                seen.jumps.append(seen.numbers.count)
            }
        }
        func missedChanges() {}
    }

    /// As the reader counts as being far behind, and what it then goes back to.
    private static let behindMax = 8_192
    private static let earlier = 25

    private func write(_ numbers: Range<Int>, _ fixture: borrowing EngineFixture) throws {
        let topic = try fixture.producer.topic("segment-changes")
        for number in numbers {
            try fixture.producer.produce(
                to: topic, partition: 0, key: [1].span, value: Array("\(number)".utf8).span, headers: [])
        }
        try fixture.producer.flush(timeoutMilliseconds: 30_000)
    }

    @Test func `whoever cannot keep up is told how much was passed over, and gets the newest`() throws {
        let fixture = try EngineFixture(
            partitionCount: 1,
            topics: [
                KafkaTopicSpecification(name: EngineFixture.input, partitionCount: 1),
                KafkaTopicSpecification(name: "segment-changes", partitionCount: 1),
            ])
        let watcher = Watcher()
        watcher.seen.withLock { $0.bytesPerSecond = 100 }
        let engine = try fixture.engine(fixture.settings(), follower: watcher)
        try write(0..<100, fixture)
        try fixture.wait(for: "the first changes") { watcher.seen.withLock { !$0.numbers.isEmpty } }
        let count = 100 + 2 * Self.behindMax
        try write(100..<count, fixture)
        try fixture.wait(for: "a jump") { watcher.seen.withLock { !$0.jumps.isEmpty } }
        // Now everything is wanted.
        watcher.seen.withLock { $0.bytesPerSecond = .max }
        try fixture.wait(for: "the newest change") { watcher.seen.withLock { $0.numbers.last == count - 1 } }
        let seen = watcher.seen.withLock { $0 }
        #expect(engine.stop())
        #expect(seen.numbers == seen.numbers.sorted())
        #expect(Set(seen.numbers).count == seen.numbers.count, "none is told twice")
        #expect(seen.passed > Self.behindMax - Self.earlier)
        // Nothing is gone without a word.
        let first = try #require(seen.numbers.first)
        #expect(seen.numbers.count + seen.passed == count - first)
        let jump = try #require(seen.jumps.last)
        #expect(seen.numbers[jump...].first == count - Self.earlier)
        fixture.close()
    }
}
