internal import Foundation
internal import ShoalTestSupport
internal import Testing

@Suite struct LabDriftTests {
    /// 400 values of one level, then 400 of another, each with a wobble, in the second of two columns.
    private func file(in folder: TemporaryFolder) throws -> String {
        let rows = (0..<800).map { "7,\(($0 < 400 ? 0.0 : 3.0) + 0.1 * Double($0 % 3))" }
        return try folder.write("values.csv", "a,b\n" + rows.joined(separator: "\n") + "\n")
    }

    @Test(arguments: ["adwin", "page-hinkley", "kswin"])
    func `a step is printed as one index per line, counted without the header`(detector: String) async throws
    {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        let result = try await ShoalProcess.run(
            ["lab", "drift", "--detector", detector, "--column", "1", path])
        #expect(result.exit == .code(0))
        #expect(result.errors.isEmpty)
        let indices = result.output.split(separator: "\n").compactMap { Int($0) }
        #expect(indices.contains { (400..<440).contains($0) }, "\(result.output)")
        let constant = try await ShoalProcess.run(["lab", "drift", "--detector", detector, path])
        #expect(constant.output.isEmpty, "the first column never changes")
    }

    @Test func `options are named as River's arguments`() async throws {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        let common = ["lab", "drift", "--column", "1", path, "--detector"]
        let runs = [
            ["adwin", "--delta", "0.1", "--clock", "1", "--max-buckets", "4", "--min-window-length", "2"],
            ["adwin", "--grace-period", "20", "--max_buckets", "4", "--min_window_length", "2"],
            ["page-hinkley", "--min-instances", "40", "--delta", "0.1", "--threshold", "20", "--alpha", "1"],
            ["page-hinkley", "--mode", "up"],
            ["kswin", "--alpha", "0.001", "--window-size", "80", "--stat-size", "20", "--seed", "3"],
        ]
        for options in runs {
            let result = try await ShoalProcess.run(common + options)
            #expect(result.exit == .code(0), "\(options): \(result.errors)")
            #expect(!result.output.isEmpty, "\(options)")
        }
        let down = try await ShoalProcess.run(common + ["page-hinkley", "--mode", "down"])
        #expect(down.output.isEmpty)
    }

    @Test(arguments: [
        ["--detector", "adwin", "--threshold", "5"], ["--detector", "adwin", "--delta", "0"],
        ["--detector", "kswin", "--stat-size", "60"], ["--detector", "none"], [],
        ["--detector", "page-hinkley", "--mode", "sideways"], ["--detector", "adwin", "--column", "-1"],
    ])
    func `what a detector does not know is bad usage`(options: [String]) async throws {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        let result = try await ShoalProcess.run(["lab", "drift", path] + options)
        #expect(result.exit == .code(2), "\(options)")
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
    }

    @Test func `a column that is not there is named`() async throws {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        let result = try await ShoalProcess.run(
            ["lab", "drift", "--detector", "adwin", "--column", "2", path])
        #expect(result.exit != .code(0))
        #expect(result.errors.contains("no column 2"))
    }
}
