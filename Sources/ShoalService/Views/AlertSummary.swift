internal import Foundation

/// An alert's record in a line.
struct AlertSummary: Decodable {
    private let state: String
    private let severity: String
    private let monitor: String
    private let subject: String
    private let direction: String
    private let at: String

    /// - Returns: `nil` for what is no alert.
    init?(_ json: [UInt8]) {
        guard let summary = try? JSONDecoder().decode(AlertSummary.self, from: Data(json)) else { return nil }
        self = summary
    }

    var line: String { "\(at) \(severity) \(state): \(monitor) \(subject) \(direction)" }
}
