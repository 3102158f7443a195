internal import Foundation

/// What tells one alert from another, and whether it is over.
struct AlertHead: Decodable {
    let id: String
    let state: String

    var isResolved: Bool { state == "resolved" }

    private enum CodingKeys: String, CodingKey {
        case id = "alert_id"
        case state
    }

    /// - Returns: `nil` for what is no alert.
    init?(_ json: [UInt8]) {
        guard let head = try? JSONDecoder().decode(AlertHead.self, from: Data(json)) else { return nil }
        self = head
    }
}
