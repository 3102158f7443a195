internal import Foundation
internal import ShoalTestSupport
internal import Testing

@Suite struct DemoTests {
    /// What `--json` promises.
    private struct Figures: Decodable {
        let events: Int
        let changes: Int
        let customers: Int
        let segments: Int
        let eventsPerSecond: Int
        let ari: Double?
        let seconds: Double

        private enum CodingKeys: String, CodingKey {
            case events, changes, customers, segments, ari, seconds
            case eventsPerSecond = "events_per_second"
        }
    }

    @Test(.enabled(if: Build.isOptimised, "learning takes longer than the demo without optimisation"))
    func `a demo finds segments and ends with one line of JSON`() async throws {
        let result = try await ShoalProcess.run(
            ["demo", "--duration", "8", "--rate", "4000", "--customers", "1000", "--json"], within: 120)
        #expect(result.exit == .code(0), "\(result.errors)")
        #expect(result.output.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        let figures = try JSONDecoder().decode(Figures.self, from: Data(result.output.utf8))
        #expect(figures.events > 0)
        #expect(figures.eventsPerSecond > 0)
        #expect((1...1_000).contains(figures.customers))
        #expect(figures.changes > 0)
        #expect(figures.segments >= 4)
        #expect(figures.seconds > 0)
        #expect(result.output.contains("\"p99_ms\":"))
        #expect((-1...1).contains(try #require(figures.ari)))
        #expect(result.errors.contains("segments"))
        #expect(!result.errors.contains("\u{1b}"))
    }

    @Test func `an interrupted demo ends with its summary`() async throws {
        let process = try ShoalProcess(["demo", "--rate", "500", "--customers", "100"])
        #expect(await process.logs("starting", within: 60))
        process.kill(SIGINT)
        #expect(await process.exit(within: 60) == .code(0), "\(process.errors)")
        #expect(process.output.contains("Next:"))
    }

    @Test(arguments: [
        ["--duration", "0"], ["--duration", "nan"], ["--rate", "0"], ["--rate", "inf"], ["--customers", "0"],
        ["--seed", "-1"],
    ])
    func `impossible options are bad usage`(arguments: [String]) async throws {
        let result = try await ShoalProcess.run(["demo"] + arguments)
        #expect(result.exit == .code(2))
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("Error: "))
    }
}
