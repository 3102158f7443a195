/// Why a segment cannot be called that, in words for the operator.
package enum SegmentRenameError: Error, Equatable, CustomStringConvertible {
    case noSuchSegment(String, known: [String])
    case empty
    case tooLong(bytes: Int)
    case controlCharacter
    case taken(String, by: String)

    package var description: String {
        switch self {
        case .noSuchSegment(let label, let known):
            "there is no segment '\(label)': the model has \(known.joined(separator: ", "))"
        case .empty: "the name is empty: give one of 1 to \(SegmentModel.nameBytesMax) bytes"
        case .tooLong(let bytes):
            "the name has \(bytes) bytes: give one of at most \(SegmentModel.nameBytesMax)"
        case .controlCharacter: "the name has a control character in it: give plain text"
        case .taken(let name, let label): "'\(name)' is the name of \(label): give another"
        }
    }
}
