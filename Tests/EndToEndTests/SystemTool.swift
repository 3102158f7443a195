internal import Foundation

/// Commands of the system that some faults need.
enum SystemTool {
    /// Whether all of these are installed.
    static func exist(_ names: String...) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return names.allSatisfy { name in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
        }
    }
}
