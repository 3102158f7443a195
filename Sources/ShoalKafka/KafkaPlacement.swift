internal import CRdKafka

/// Where Java's default partitioner, and ours, puts a key.
package enum KafkaPlacement {
    /// The partition that murmur2 of a key chooses.
    ///
    /// - Parameters:
    ///   - key: of a record; not null.
    ///   - partitionCount: of its topic, at least 1.
    /// - Returns: 0 ..< `partitionCount`.
    @inline(__always)
    package static func partition(of key: Span<UInt8>, partitionCount: Int32) -> Int32 {
        // Safe: the function reads the key only; topic and opaque pointers are not looked at.
        unsafe key.withUnsafeBytes { bytes in
            unsafe rd_kafka_msg_partitioner_murmur2(
                nil, bytes.baseAddress, bytes.count, partitionCount, nil, nil)
        }
    }
}
