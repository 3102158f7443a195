internal import Foundation
internal import Logging
internal import ShoalConfiguration
internal import ShoalEngine

/// Where the daemon's log goes: standard error, one line each.
enum RunLog {
    /// A logger as the configuration wants it.
    ///
    /// - Parameters:
    ///   - settings: level and format.
    ///   - format: from the command line; wins over the configuration's.
    /// - Returns: The logger of the whole process.
    static func logger(_ settings: LogSettings, format: String?) -> Logger {
        let format = LineLogHandler.Format(rawValue: format ?? settings.format.rawValue) ?? .text
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        return Logger(label: "shoal") { _ in
            LineLogHandler(
                format: format, level: level,
                epochMilliseconds: { Int64(Date().timeIntervalSince1970 * 1_000) },
                write: { line in StandardError.write(line) })
        }
    }
}
