/// Why bytes are not a batch summary.
package enum SummaryWireError: Error, Equatable, CustomStringConvertible {
    case tooShort(bytes: Int)
    case notASummary
    case unknownVersion(UInt16)
    /// Longer or shorter than its own counts say, or counts beyond the limits.
    case wrongSize(bytes: Int)
    case wrongChecksum
    /// Whole, but with impossible counts or numbers that are not finite.
    case invalid

    package var description: String {
        switch self {
        case .tooShort(let bytes): "\(bytes) bytes are too few for a batch summary"
        case .notASummary: "the bytes do not begin as a batch summary does"
        case .unknownVersion(let version): "batch summary of unknown version \(version)"
        case .wrongSize(let bytes): "\(bytes) bytes are not what the batch summary's own counts ask for"
        case .wrongChecksum: "the batch summary was damaged on its way"
        case .invalid: "the batch summary holds impossible numbers"
        }
    }
}
