/// Which fields an event carries into the engine, and at which index.
///
/// The well-known fields have fixed indices; the paths that features refer to beyond them follow. A decoder
/// fills exactly these, so that a field nobody reads costs nothing.
package struct EventSchema: Equatable, Sendable {
    /// The fields of the canonical event that features may refer to.
    package enum WellKnown: Int, CaseIterable, Sendable {
        case type, category, productID, channel, storeID, sessionID, currency, coupon, sentiment
        case amount, price, quantity

        /// The field's name in a canonical event and in a configuration.
        package var name: String {
            switch self {
            case .productID: "product_id"
            case .storeID: "store_id"
            case .sessionID: "session_id"
            default: "\(self)"
            }
        }
    }

    /// Dotted paths by index, the well-known first.
    package private(set) var paths: [String]
    /// Indices beyond the well-known fields whose values are only compared, never added up.
    ///
    /// Their numbers may be of any size (19-digit ids), and in a delimited file they stay text. Every other
    /// additional field is a measure: its numbers are bounded, and text that is a number counts as one in a
    /// delimited file.
    package private(set) var comparedOnly: Set<Int> = []

    package init(additionalPaths: [String] = []) {
        paths = WellKnown.allCases.map(\.name)
        for path in additionalPaths { _ = index(adding: path) }
    }

    package var count: Int { paths.count }

    package func index(of path: String) -> Int? { paths.firstIndex(of: path) }

    /// The index of `path`, which is appended if it is new.
    ///
    /// A path that one feature compares and another measures is a measure.
    package mutating func index(adding path: String, comparedOnly isComparedOnly: Bool = false) -> Int {
        if let index = index(of: path) {
            if !isComparedOnly { comparedOnly.remove(index) }
            return index
        }
        paths.append(path)
        if isComparedOnly { comparedOnly.insert(paths.count - 1) }
        return paths.count - 1
    }
}
