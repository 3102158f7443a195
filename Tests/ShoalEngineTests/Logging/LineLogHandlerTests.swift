import Logging
import ShoalEngine
import Synchronization
import Testing

@Suite struct LineLogHandlerTests {
    private func lines(
        _ format: LineLogHandler.Format, level: Logger.Level = .info, _ body: (Logger) -> Void
    ) -> [String] {
        let lines = LogLines()
        body(
            Logger(label: "test") { _ in
                LineLogHandler(
                    format: format, level: level, epochMilliseconds: { 1_767_614_405_123 },
                    write: lines.append)
            })
        return lines.all
    }

    @Test func `text lines tell time, level and message`() {
        let lines = lines(.text) { logger in
            logger.info("lane 0: assigned clicks[0]")
            logger.warning("slow", metadata: ["lag": "7"])
        }
        #expect(
            lines == [
                "2026-01-05T12:00:05.123Z info  lane 0: assigned clicks[0]",
                "2026-01-05T12:00:05.123Z warning slow lag=7",
            ])
    }

    @Test func `JSON lines are one object each`() {
        let lines = lines(.json) { $0.error("a \"quoted\" id", metadata: ["lane": "1"]) }
        #expect(
            lines == [
                #"{"time":"2026-01-05T12:00:05.123Z","level":"error","message":"a \"quoted\" id","lane":"1"}"#
            ])
    }

    @Test(arguments: LineLogHandler.Format.allCases)
    func `an id cannot forge a line`(format: LineLogHandler.Format) {
        let lines = lines(format) { $0.info("customer \u{1b}[2Jx\n2026 error forged") }
        #expect(lines.count == 1)
        #expect(lines[0].unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test func `what is less severe than the level is not written`() {
        #expect(lines(.text, level: .warning) { $0.info("quiet") } == [])
    }
}
