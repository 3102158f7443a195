/// Why a replay stopped.
package enum ReplayError: Error, CustomStringConvertible {
    case cannotOpen(path: String, code: Int32)
    case cannotRead(path: String, code: Int32)
    case cannotWrite(path: String, code: Int32)
    /// The program that unpacks the file is missing or failed.
    case cannotUnpack(path: String, tool: String, detail: String)
    case badHeader(path: String, detail: String)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let code):
            "\(path): cannot be opened: \(SystemErrorText.of(code)); check the path and its permissions"
        case .cannotRead(let path, let code):
            "\(path): reading failed: \(SystemErrorText.of(code))"
        case .cannotWrite(let path, let code):
            "\(path): writing failed: \(SystemErrorText.of(code)); make room or choose another place"
        case .cannotUnpack(let path, let tool, let detail):
            "\(path): '\(tool)' cannot unpack it: \(detail); install \(tool) or unpack the file first"
        case .badHeader(let path, let detail):
            "\(path): \(detail)"
        }
    }
}
