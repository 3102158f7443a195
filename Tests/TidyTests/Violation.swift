/// One place where the tree breaks a rule, worded so that a reader knows what to do about it.
struct Violation: Equatable, CustomStringConvertible {
    let path: String
    /// From 1; 0 speaks of the whole file or folder.
    let line: Int
    let message: String

    var description: String { line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)" }
}
