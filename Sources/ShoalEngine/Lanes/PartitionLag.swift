/// Records that a partition of an input topic holds beyond what is processed.
package struct PartitionLag: Equatable, Sendable {
    package let topic: String
    package let partition: Int32
    package let records: Int64

    package init(topic: String, partition: Int32, records: Int64) {
        self.topic = topic
        self.partition = partition
        self.records = records
    }
}
