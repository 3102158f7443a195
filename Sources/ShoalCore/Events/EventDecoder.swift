internal import CSimdJSON

/// What became of one record.
package enum DecodeOutcome {
    /// `EventDecoder.event` holds it.
    case event
    /// A filter of the source, or an unknown type, says to skip it; counted.
    case ignored
    case rejected(EventRejection)
}

/// Turns a record's bytes into the canonical event, or says why it cannot.
///
/// One decoder serves one source on one thread. The event it holds is refilled by each call.
package struct EventDecoder: ~Copyable {
    package let source: SourceMapping
    package let limits: EventLimits
    package var event: Event

    package init(source: SourceMapping, schema: EventSchema, limits: EventLimits) {
        self.source = source
        self.limits = limits
        event = Event(schema: schema, itemsMax: limits.itemsMax)
    }

    /// Decodes one record.
    ///
    /// - Parameters:
    ///   - record: the record's bytes; lent for as long as `event` is used.
    ///   - isPadded: at least 64 readable bytes follow `record`, so it need not be copied to be parsed.
    ///   - recordTimestampMilliseconds: stands in for a missing `timestamp`; `nil` where the transport has none.
    ///   - latestMilliseconds: a later event is `timestamp_in_future`.
    /// - Returns: whether `event` now holds the record, or why not.
    package mutating func decode(
        _ record: UnsafeRawBufferPointer, isPadded: Bool, recordTimestampMilliseconds: Int64?,
        latestMilliseconds: Int64
    ) -> DecodeOutcome {
        .rejected(EventRejection(.notJSON, "empty"))
    }
}
