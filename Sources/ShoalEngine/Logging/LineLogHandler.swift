package import Logging
internal import ShoalCore

/// Writes each log message as one line, for a person or for a machine.
///
/// Text: `2026-01-05T12:00:05.123Z info  lane 0: assigned …`; JSON: one object with `time level message`
/// and the metadata. Control characters are escaped, so that an id in a message cannot forge a line.
package struct LineLogHandler: LogHandler {
    package enum Format: String, CaseIterable, Sendable { case text, json }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let format: Format
    private let epochMilliseconds: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    /// A handler for one process.
    ///
    /// - Parameters:
    ///   - format: how lines look.
    ///   - level: the least severe message that is written.
    ///   - epochMilliseconds: the clock that stamps lines.
    ///   - write: gets whole lines without their newline; callable from any thread.
    package init(
        format: Format, level: Logger.Level, epochMilliseconds: @escaping @Sendable () -> Int64,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        logLevel = level
        self.epochMilliseconds = epochMilliseconds
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let time = OutputBuffer.timeText(epochMilliseconds())
        var all = metadata
        if let more = event.metadata { all.merge(more) { $1 } }
        let details = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        switch format {
        case .text:
            let level = event.level.rawValue
            let padded = level + String(repeating: " ", count: max(0, 5 - level.utf8.count))
            var line = "\(time) \(padded) \(Self.printable("\(event.message)"))"
            for (name, value) in details { line += " \(Self.printable(name))=\(Self.printable(value))" }
            write(line)
        case .json:
            var line = "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\""
            line += ",\"message\":\"\(Self.escaped("\(event.message)"))\""
            for (name, value) in details { line += ",\"\(Self.escaped(name))\":\"\(Self.escaped(value))\"" }
            write(line + "}")
        }
    }

    private static func escaped(_ text: String) -> String {
        String(decoding: OutputBuffer.escaped(text), as: UTF8.self)
    }

    /// Control characters, and the separators that some terminals take for line ends, as `\u{…}`.
    private static func printable(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { !isControl($0) }
        if isPlain { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
