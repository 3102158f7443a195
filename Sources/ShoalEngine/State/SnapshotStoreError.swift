package import ShoalCore

/// Why a snapshot was not kept, or is not used.
package enum SnapshotStoreError: Error, Equatable, CustomStringConvertible {
    /// The system refused; `verb` says what.
    case system(verb: String, path: String, code: Int32)
    case snapshot(path: String, SnapshotError)

    package var description: String {
        switch self {
        case .system(let verb, let path, let code): "\(path): cannot \(verb): \(SystemErrorText.of(code))"
        case .snapshot(let path, let error): "\(path): \(error)"
        }
    }
}
