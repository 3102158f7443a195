/// Why a header line does not fit its source.
package enum HeaderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is not a line of separated columns.
    case malformed
    /// Columns that the source's mapping names are not in it.
    case absentColumns([String])

    package var description: String {
        switch self {
        case .malformed: "the header has a quote that does not end"
        case .absentColumns(let names):
            "the header has no column \(names.joined(separator: ", ")), which the source's mapping names"
        }
    }
}
