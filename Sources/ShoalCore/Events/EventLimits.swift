/// How large a record, and what is in it, may be; what is beyond is rejected with a reason.
///
/// All bounds are inclusive. The defaults are those of the catalogue of bad inputs.
package struct EventLimits: Equatable, Sendable {
    package var recordBytesMax = 256 * 1024
    package var depthMax = 32
    package var fieldsMax = 64
    package var idBytesMax = 256
    package var itemsMax = 1_000
    /// Largest magnitude of an amount, price, quantity or feature's number.
    package var magnitudeMax = 1e12
    /// How far an event may lie ahead of its record's timestamp; `nil` leaves it unchecked.
    package var futureMillisecondsMax: Int64? = 3_600_000

    /// 2000-01-01T00:00:00Z; what is before is `timestamp_too_old`.
    package static let earliestMilliseconds: Int64 = 946_684_800_000
    /// 2200-01-01T00:00:00Z; what is at or after is `bad_timestamp`.
    package static let endMilliseconds: Int64 = 7_258_118_400_000
    /// In a replay an event further ahead of stream time than this is `timestamp_in_future`: 400 days.
    package static let replayLeadMillisecondsMax: Int64 = 400 * 86_400_000

    package init() {}
}
