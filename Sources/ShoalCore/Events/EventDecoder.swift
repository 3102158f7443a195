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
@safe package struct EventDecoder: ~Copyable {
    package let source: SourceMapping
    package let limits: EventLimits
    /// Whether `event` lends bytes of the record itself, and not only of the decoder.
    package let lendsRecord: Bool
    package var event: Event
    let schema: EventSchema
    let plan: DecodingPlan
    // Owns what the plan lends.
    private let store: ConstantStore
    var json: JSONReader
    var delimited: DelimitedReader
    /// Where integers that serve as text are written out.
    var digits: DigitText
    /// A copy of the record in hand in which harmful numbers are replaced.
    private var patched: [UInt8] = []

    package init(source: SourceMapping, schema: EventSchema, limits: EventLimits) {
        self.source = source
        self.limits = limits
        self.schema = schema
        event = Event(schema: schema, itemsMax: limits.itemsMax)
        digits = DigitText(capacity: 3 + schema.count + 2 * limits.itemsMax)
        var store = ConstantStore()
        switch source.format {
        case .json:
            delimited = DelimitedReader(format: SourceMapping.Delimited(separator: 0, columns: []))
            json = JSONReader(limits: limits, itemsMax: limits.itemsMax)
            plan = DecodingPlan(source: source, schema: schema, layout: &json, store: &store)
            lendsRecord = false
        case .delimited(let format):
            json = JSONReader(limits: limits, itemsMax: 0)
            delimited = DelimitedReader(format: format)
            plan = DecodingPlan(source: source, schema: schema, layout: &delimited, store: &store)
            lendsRecord = true
        }
        self.store = store
        json.seal()
        delimited.seal()
    }

    /// Decodes one record.
    ///
    /// - Parameters:
    ///   - record: the record's bytes; lent for as long as `event` is used if `lendsRecord`.
    ///   - isPadded: at least 64 readable bytes follow `record`, so it need not be copied to be parsed.
    ///   - recordTimestampMilliseconds: stands in for a missing `timestamp`; `nil` or negative where the
    ///     transport has none.
    ///   - latestMilliseconds: a later event is `timestamp_in_future`.
    /// - Returns: whether `event` now holds the record, or what became of it instead.
    package mutating func decode(
        _ record: UnsafeRawBufferPointer, isPadded: Bool, recordTimestampMilliseconds: Int64?,
        latestMilliseconds: Int64
    ) -> DecodeOutcome {
        guard record.count <= limits.recordBytesMax else {
            return .rejected(EventRejection(.tooLarge, "too_large: \(record.count) bytes"))
        }
        let content = unsafe Self.withoutByteOrderMark(record)
        guard unsafe !content.isEmpty else { return .rejected(EventRejection(.notJSON, "empty")) }
        let times = RecordTimes(record: recordTimestampMilliseconds, latest: latestMilliseconds)
        if delimited.isInUse {
            if let rejection = unsafe delimited.read(content) { return .rejected(rejection) }
            return assemble(delimited.values, times: times, form: .delimited)
        }
        switch unsafe json.read(content, isPadded: isPadded, trustsNumbers: false) {
        case .read: return assemble(json.values, times: times, form: .json)
        case .rejected(let rejection): return .rejected(rejection)
        case .refused, .suspiciousNumber: return unsafe decodeSlowly(content, times: times)
        }
    }

    static func withoutByteOrderMark(_ record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard record.count >= 3, unsafe record[0] == 0xEF, unsafe record[1] == 0xBB,
            unsafe record[2] == 0xBF
        else { return unsafe record }
        return unsafe UnsafeRawBufferPointer(rebasing: record[3...])
    }

    /// Finds out why simdjson refused a record, and reads it after all if only unread numbers are at fault.
    private mutating func decodeSlowly(
        _ record: UnsafeRawBufferPointer, times: RecordTimes
    ) -> DecodeOutcome {
        switch unsafe JSONScanner.verdict(on: record, depthMax: limits.depthMax) {
        case .rejected(let rejection):
            return .rejected(rejection)
        case .wellFormed(let numbers):
            patched.removeAll(keepingCapacity: true)
            unsafe patched.append(contentsOf: record)
            for number in numbers {
                let mark = number.isTooLong ? JSONScanner.tooLongMark : JSONScanner.outOfRangeMark
                let text = Array("\(mark)".utf8)
                for (index, place) in number.range.enumerated() {
                    patched[place] = index < text.count ? text[index] : UInt8(ascii: " ")
                }
            }
            let outcome = unsafe patched.withUnsafeBytes { bytes in
                unsafe json.read(bytes, isPadded: false, trustsNumbers: true)
            }
            switch outcome {
            case .read: return assemble(json.values, times: times, form: .patchedJSON)
            case .rejected(let rejection): return .rejected(rejection)
            case .refused, .suspiciousNumber: return .rejected(EventRejection(.notJSON, "bad_json"))
            }
        }
    }
}
