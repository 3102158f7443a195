internal import Foundation

/// Text in base64, as `Authorization: Basic` has it.
enum Base64Text {
    /// - Returns: `nil` if it is not base64 of UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        Data(base64Encoded: String(text)).flatMap { String(data: $0, encoding: .utf8) }
    }
}
