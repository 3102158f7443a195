internal import Testing

@Suite struct CommandLineTests {
    @Test func `help goes to standard output and is no error`() async throws {
        let result = try await ShoalProcess.run(["--help"])
        #expect(result.exit == .code(0))
        #expect(result.output.contains("USAGE: shoal"))
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [["--no-such-option"], ["no-such-command"], ["replay", "--no-such-option"]])
    func `what it does not know is bad usage`(arguments: [String]) async throws {
        let result = try await ShoalProcess.run(arguments)
        #expect(result.exit == .code(2))
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
    }
}
