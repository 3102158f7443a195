internal import Foundation
internal import ShoalTestSupport
internal import Testing

@Suite struct DemoTests {
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
