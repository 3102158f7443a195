/// What is logged, and how it is written.
package struct LogSettings: Equatable, Sendable {
    /// The least severe message that is written; names are those of swift-log.
    package enum Level: String, CaseIterable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    package enum Format: String, CaseIterable, Sendable { case text, json }

    package var level: Level = .info
    package var format: Format = .text

    package init() {}
}
