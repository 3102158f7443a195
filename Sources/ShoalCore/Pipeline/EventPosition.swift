/// Where an event came from, as a change reports it.
package struct EventPosition: Sendable {
    /// Index into the topic names that the shard was made with.
    package var topic: Int
    package var partition: Int32
    package var offset: Int64

    @inline(__always)
    package init(topic: Int, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}
