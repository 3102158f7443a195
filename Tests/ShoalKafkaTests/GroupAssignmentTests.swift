internal import Testing

@testable internal import ShoalKafka

@Suite struct GroupAssignmentTests {
    /// Version 1, two topics, no user data.
    private static let bytes: [UInt8] =
        [0, 1, 0, 0, 0, 2, 0, 3] + Array("pos".utf8) + [0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 1, 2, 0, 1]
        + Array("w".utf8) + [0, 0, 0, 1, 0, 0, 0, 7, 255, 255, 255, 255]

    @Test func `what a member was given is read`() {
        #expect(
            GroupAssignment.partitions(Self.bytes) == [
                KafkaTopicPartition(topic: "pos", partition: 1),
                KafkaTopicPartition(topic: "pos", partition: 258),
                KafkaTopicPartition(topic: "w", partition: 7),
            ])
    }

    @Test func `what is cut off or makes no sense is nothing`() {
        #expect(GroupAssignment.partitions([]).isEmpty)
        // User data is not looked at.
        for count in 0..<(Self.bytes.count - 4) {
            #expect(GroupAssignment.partitions(Array(Self.bytes.prefix(count))).isEmpty, "\(count) bytes")
        }
        #expect(GroupAssignment.partitions([0, 1, 127, 255, 255, 255, 127, 255]).isEmpty)
        #expect(GroupAssignment.partitions([0, 1, 0, 0, 0, 1, 0, 0, 127, 255, 255, 255]).isEmpty)
    }
}
