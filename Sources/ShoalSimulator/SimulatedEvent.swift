/// Where the event just written lies in the caller's buffer, and what its sender must know of it.
package struct SimulatedEvent: Sendable, Equatable {
    /// The 0-based number of the customer.
    package let customer: Int
    /// The event's own time, epoch milliseconds.
    package let timeMilliseconds: Int64
    /// The event time at which the line is written: later than its own time for late and repeated events.
    package let arrivalMilliseconds: Int64
    /// The JSON object in the buffer, without a line end.
    package let bytes: Range<Int>
    /// The customer's id in the buffer, without quotes: the key of a Kafka record.
    package let identifier: Range<Int>
    /// True if the same bytes have been written before.
    package let isDuplicate: Bool
}
