/// Where a setting was written: a line of the file or an environment variable.
package enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    case file(name: String, line: Int)
    case environment(variable: String)

    package var description: String {
        switch self {
        case .file(let name, let line): "\(name):\(line)"
        case .environment(let variable): variable
        }
    }
}

extension SettingOrigin: Comparable {
    /// The file comes before the environment, lines and names in order.
    package static func < (left: SettingOrigin, right: SettingOrigin) -> Bool {
        switch (left, right) {
        case (.file(_, let leftLine), .file(_, let rightLine)): leftLine < rightLine
        case (.file, .environment): true
        case (.environment, .file): false
        case (.environment(let leftVariable), .environment(let rightVariable)): leftVariable < rightVariable
        }
    }
}
