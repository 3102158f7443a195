import Foundation
import ShoalCore
import ShoalEngine
import ShoalTestSupport
import Testing

/// Which files a replay reads, and what it says of those that it cannot.
@Suite struct ReplayFileTests {
    private static let line =
        #"{"type":"view","customer_id":"c","timestamp":\#(RandomHistory.startMilliseconds)}"#

    /// The path of a program, if it is installed.
    private static func program(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Packs a file of the folder beside itself.
    private static func pack(_ name: String, with tool: String, suffix: String, in folder: TemporaryFolder)
        throws
    {
        guard let program = program(tool) else { try Test.cancel("\(tool) is not installed") }
        let packed = folder.path(name + suffix)
        _ = FileManager.default.createFile(atPath: packed, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-c", folder.path(name)]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: packed))
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    static let formats = [("gzip", ".gz"), ("zstd", ".zst"), ("lz4", ".lz4"), ("xz", ".xz")]

    @Test(arguments: formats)
    func `a compressed file reads as the plain one`(tool: String, suffix: String) throws {
        let bench = try ReplayBench()
        _ = try bench.folder.write(
            "events.ndjson", ReplayBench.history(seed: 5, count: 700).joined(separator: "\n"))
        try Self.pack("events.ndjson", with: tool, suffix: suffix, in: bench.folder)
        let plain = try bench.run(["events.ndjson"])
        let packed = try bench.run(["events.ndjson" + suffix])
        #expect(!plain.changes.isEmpty)
        #expect(packed.changes.replacing("events.ndjson" + suffix, with: "events.ndjson") == plain.changes)
        #expect(packed.profiles == plain.profiles)
        #expect(packed.progress.counters == plain.progress.counters)
        #expect(packed.progress.bytesRead == packed.progress.bytesTotal)
        #expect(packed.progress.bytesTotal < plain.progress.bytesTotal)
    }

    @Test(arguments: formats)
    func `a compressed file that is cut off is a failure, not a shorter file`(
        tool: String, suffix: String
    ) throws {
        let bench = try ReplayBench()
        _ = try bench.folder.write(
            "events.ndjson", ReplayBench.history(seed: 6, count: 300).joined(separator: "\n"))
        try Self.pack("events.ndjson", with: tool, suffix: suffix, in: bench.folder)
        let whole = try bench.folder.bytes("events.ndjson" + suffix)
        _ = try bench.folder.write("cut.ndjson" + suffix, bytes: Array(whole.prefix(whole.count / 2)))
        let error = #expect(throws: ReplayError.self) { try bench.run(["cut.ndjson" + suffix]) }
        guard case .cannotUnpack(_, let named, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(named == tool)
        #expect(error?.description.contains("cut.ndjson\(suffix)") == true)
    }

    @Test(arguments: [
        ("", 0), ("\n", 0), ("\n \t\r\n\n", 0), (line, 1), (line + "\n", 1), (line + "\r\n", 1),
        ("\r\n" + line + "\r\n\r\n" + line, 2), (line + "\n\n\n" + line + "\n", 2),
    ])
    func `line ends of either kind, a missing last one and blank lines`(text: String, records: Int) throws {
        let bench = try ReplayBench()
        _ = try bench.folder.write("events.ndjson", text)
        let result = try bench.run(["events.ndjson"])
        #expect(result.progress.counters.accepted == records)
        #expect(result.progress.events == records, "\(result.rejects)")
        #expect(result.progress.modelVersion == 0 && result.model == nil)
        #expect(try result.profileLines().count == min(records, 1))
    }

    @Test(arguments: [256 * 1_024 - 1, 256 * 1_024, 256 * 1_024 + 1, 5 << 20])
    func `a line longer than the limit is rejected and the next one counts`(length: Int) throws {
        let bench = try ReplayBench()
        let padding = length - Self.line.utf8.count - 7
        let long = Self.line.dropLast() + #","x":""# + String(repeating: "a", count: padding) + #""}"#
        _ = try bench.folder.write("events.ndjson", long + "\n" + Self.line + "\r\n" + "!\n")
        let isTooLong = long.utf8.count > 256 * 1_024
        let result = try bench.run(["events.ndjson"])
        #expect(result.progress.counters.accepted == (isTooLong ? 1 : 2), "\(long.utf8.count) bytes")
        let rejects = try result.rejectLines()
        #expect(rejects.map { $0["reason"]?.text } == (isTooLong ? ["too_large", "not_json"] : ["not_json"]))
        #expect(rejects.last?["line"]?.number == 3)
    }

    @Test func `a file without any line end in 64 MiB is one record too large`() throws {
        let bench = try ReplayBench()
        bench.writesOutputs = false
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 65 << 20)
        bytes.append(UInt8(ascii: "\n"))
        bytes += Self.line.utf8
        _ = try bench.folder.write("events.ndjson", bytes: bytes)
        let result = try bench.run(["events.ndjson"])
        #expect(result.progress.counters.rejected == 1)
        #expect(result.progress.counters.accepted == 1)
    }

    @Test func `a missing file, a folder and a missing tool's file are named with what to do`() throws {
        let bench = try ReplayBench()
        _ = try bench.folder.write("events.ndjson", Self.line)
        for path in [bench.folder.path("missing.ndjson"), bench.folder.path(""), "/nonexistent/x.gz"] {
            let error = #expect(throws: ReplayError.self) { try bench.run(["events.ndjson", path]) }
            guard case .cannotOpen(let named, let code) = error else {
                Issue.record("\(path): \(String(describing: error))")
                continue
            }
            #expect(named == path)
            #expect(code == (path.hasSuffix("/") ? EISDIR : ENOENT))
            #expect(error?.description.contains("check the path") == true)
        }
    }

    enum Output: CaseIterable { case changes, profiles, rejects }

    @Test(arguments: Output.allCases)
    func `a disk without room is a failure`(output: Output) throws {
        let bench = try ReplayBench()
        bench.model.warmup = 50
        let lines = ReplayBench.history(seed: 8, count: 300) + ["!"]
        let path = try bench.folder.write("events.ndjson", lines.joined(separator: "\n"))
        var options = bench.options([path])
        switch output {
        case .changes: options.changesPath = "/dev/full"
        case .profiles: options.profilesPath = "/dev/full"
        case .rejects: options.rejectsPath = "/dev/full"
        }
        let error = #expect(throws: ReplayError.self) { try bench.run(options) }
        guard case .cannotWrite(let named, ENOSPC) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(named == "/dev/full")
    }

    @Test(arguments: Output.allCases)
    func `an output that cannot be made is a failure`(output: Output) throws {
        let bench = try ReplayBench()
        let path = try bench.folder.write("events.ndjson", Self.line)
        let nowhere = bench.folder.path("no-such-folder/out.ndjson")
        var options = bench.options([path])
        switch output {
        case .changes: options.changesPath = nowhere
        case .profiles: options.profilesPath = nowhere
        case .rejects: options.rejectsPath = nowhere
        }
        let error = #expect(throws: ReplayError.self) { try bench.run(options) }
        guard case .cannotOpen(let named, ENOENT) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(named == nowhere)
    }
}
