extension EventDecoder {
    /// Sets the event's time, or says what is wrong with it.
    mutating func takeTime(_ values: RecordValues, times: RecordTimes, form: Form) -> EventRejection? {
        let value = plan.value(.timestamp, in: values)
        let milliseconds: Int64
        switch value.kind {
        case .absent:
            guard let record = times.record, record >= 0 else {
                return EventRejection(.badTimestamp, "missing:timestamp")
            }
            milliseconds = record
        case .text:
            switch read(value.text, form) {
            case .time(let time): milliseconds = time
            case .outOfRange: return EventRejection(.badTimestamp, "ts_range")
            case .wrongType: return EventRejection(.badTimestamp, "type:timestamp")
            case .malformed: return EventRejection(.badTimestamp, "ts_format")
            }
        case .integer, .real, .unsigned:
            switch read(value, form) {
            case .time(let time): milliseconds = time
            case .outOfRange: return EventRejection(.badTimestamp, "ts_range")
            case .wrongType, .malformed: return EventRejection(.badTimestamp, "type:timestamp")
            }
        case .boolean, .object, .array:
            return EventRejection(.badTimestamp, "type:timestamp")
        }
        // A number far off is most often a time in another unit; that is said, never guessed.
        let hint = value.kind == .integer || value.kind == .real ? ", unit?" : ""
        guard milliseconds < EventLimits.endMilliseconds else {
            return EventRejection(.badTimestamp, "ts_range\(hint)")
        }
        guard milliseconds >= EventLimits.earliestMilliseconds else {
            return EventRejection(.timestampTooOld, "ts_too_old\(hint)")
        }
        // The last of all rules, so that who decodes ahead of stream time can apply it later.
        guard milliseconds <= times.latest else { return .inFuture }
        event.timestampMilliseconds = milliseconds
        return nil
    }

    private enum TimeReading {
        case time(Int64)
        case outOfRange, wrongType, malformed
    }

    private mutating func read(_ text: LentBytes, _ form: Form) -> TimeReading {
        let time: Int64?
        switch plan.timeFormat {
        case .canonical:
            time = TimeText.internet(text)
            // A delimited file can write epoch milliseconds only as text.
            if time == nil, isNumber(text) {
                return form == .delimited ? read(RecordValue.text(text).asNumber, form) : .wrongType
            }
        case .dateTime: time = TimeText.dateTime(text)
        case .date: time = TimeText.date(text)
        case .epochSeconds, .epochMilliseconds, .epochMicroseconds:
            // Exports write 64-bit integers as text, because JSON readers lose digits beyond 2^53.
            guard isNumber(text) else { return .malformed }
            return read(RecordValue.text(text).asNumber, form)
        }
        return time.map { .time($0) } ?? .malformed
    }

    private mutating func isNumber(_ text: LentBytes) -> Bool {
        if case .notNumber = NumberText(text) { false } else { true }
    }

    private mutating func read(_ number: RecordValue, _ form: Form) -> TimeReading {
        switch number.kind {
        case .integer:
            return read(number.integerValue)
        case .real:
            let value = number.realValue
            if form == .patchedJSON, value == JSONScanner.outOfRangeMark || value == JSONScanner.tooLongMark {
                return .outOfRange
            }
            // Within these bounds every unit below fits an Int64.
            guard value.magnitude < 4e18 else { return value < 0 ? .time(.min) : .outOfRange }
            if plan.timeFormat == .epochSeconds, value.magnitude < 4e15 {
                return .time(Int64((value * 1_000).rounded(.down)))
            }
            guard value == value.rounded(.towardZero) else { return .wrongType }
            return read(Int64(value))
        default:
            return .outOfRange
        }
    }

    private mutating func read(_ number: Int64) -> TimeReading {
        switch plan.timeFormat {
        case .epochSeconds:
            let (milliseconds, overflow) = number.multipliedReportingOverflow(by: 1_000)
            guard !overflow else { return number < 0 ? .time(.min) : .outOfRange }
            return .time(milliseconds)
        case .epochMicroseconds: return .time(number / 1_000)
        case .date, .dateTime: return .wrongType
        case .canonical, .epochMilliseconds: return .time(number)
        }
    }
}
