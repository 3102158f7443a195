internal import ShoalTestSupport
internal import Testing

@Suite struct CheckTests {
    @Test func `the defaults are a valid configuration`() async throws {
        let result = try await ShoalProcess.run(["check"])
        #expect(result.exit == .code(0))
        #expect(!result.output.isEmpty)
        #expect(result.errors.isEmpty)
    }

    @Test func `every fault of a configuration is told with its file and line`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("bad.yaml", "modle:\n  k: 3\nlanes: many\n")
        let result = try await ShoalProcess.run(["check", "--config", path])
        #expect(result.exit == .code(2))
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("bad.yaml:1"))
        #expect(result.errors.contains("model"), "the nearest known key is named: \(result.errors)")
        #expect(result.errors.contains("bad.yaml:3"))
    }

    @Test(arguments: ["no-such.yaml", "."])
    func `a configuration that cannot be read is bad usage`(name: String) async throws {
        let folder = try TemporaryFolder()
        let result = try await ShoalProcess.run(["check", "--config", folder.path(name)])
        #expect(result.exit == .code(2))
        #expect(!result.errors.isEmpty)
    }

    @Test func `a bad value in the environment names the variable`() async throws {
        let result = try await ShoalProcess.run(["check"], environment: ["SHOAL_LANES": "many"])
        #expect(result.exit == .code(2))
        #expect(result.errors.contains("SHOAL_LANES"))
    }
}
