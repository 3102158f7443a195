/// Why a record cannot be used: one of a closed list, and a finer word for the person who reads it.
package struct EventRejection: Error, Equatable, Sendable {
    /// The closed list of reasons on the wire, in the order in which they are checked.
    package enum Reason: UInt8, CaseIterable, Sendable {
        case tooLarge, badUTF8, notJSON, notObject, tooDeep, missingCustomer, missingType
        case badCustomer, badField, badNumber, badTimestamp, timestampTooOld, timestampInFuture

        /// The word in `shoal.reason` and in metrics labels.
        package var word: StaticString {
            switch self {
            case .tooLarge: "too_large"
            case .badUTF8: "bad_utf8"
            case .notJSON: "not_json"
            case .notObject: "not_object"
            case .tooDeep: "too_deep"
            case .missingCustomer: "missing_customer"
            case .missingType: "missing_type"
            case .badCustomer: "bad_customer"
            case .badField: "bad_field"
            case .badNumber: "bad_number"
            case .badTimestamp: "bad_timestamp"
            case .timestampTooOld: "timestamp_too_old"
            case .timestampInFuture: "timestamp_in_future"
            }
        }
    }

    package let reason: Reason
    /// What exactly, for a person: `num_range: price`, `columns: expected 9, found 8`.
    package let detail: String

    /// Later than stream time by more than the lead.
    package static let inFuture = EventRejection(.timestampInFuture, "ts_future")

    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
