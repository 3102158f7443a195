internal import Foundation
internal import Testing

/// The formatter's own rules, where the formatter is installed.
@Suite struct FormatTests {
    private static let formatter = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/swift-format" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private func lint(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.formatter))
        process.arguments = ["lint", "--strict"] + arguments
        process.currentDirectoryURL = SourceTree.root
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test(.enabled(if: formatter != nil, "swift-format is not on PATH"))
    func `sources, tests, benchmarks and the manifest are formatted`() throws {
        let result = try lint([
            "--parallel", "--recursive", "Sources", "Tests", "Benchmarks", "Package.swift",
        ])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(.enabled(if: formatter != nil, "swift-format is not on PATH"))
    func `a badly formatted file is caught`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shoal-format-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "Planted.swift")
        try Data("let a   =  1;\n".utf8).write(to: file)
        let configuration = SourceTree.root.appending(path: ".swift-format").path(percentEncoded: false)
        let result = try lint(["--configuration", configuration, file.path(percentEncoded: false)])
        #expect(result.status != 0)
    }
}
