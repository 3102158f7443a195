internal import Foundation
internal import ShoalTestSupport
internal import Testing

/// `shoal model` on files.
@Suite struct ModelCommandTests {
    /// A model learned from a simulated shop, in a folder of its own.
    private func learned(_ folder: borrowing TemporaryFolder) async throws -> String {
        let events = try await ShoalProcess.run([
            "simulate", "--events", "6000", "--customers", "300", "--seed", "11",
        ])
        #expect(events.exit == .code(0), "\(events.errors)")
        let configuration = try folder.write("shoal.yaml", "model: {k: 4, warmup: 200}\nbatch: {size: 128}\n")
        let model = folder.path("model.json")
        let replay = try await ShoalProcess.run(
            ["replay", "--config", configuration, "--save-model", model, "-"],
            input: Data(events.output.utf8))
        #expect(replay.exit == .code(0), "\(replay.errors)")
        return model
    }

    @Test func `a saved model shows its personas, is renamed, and differs by that alone`() async throws {
        let folder = try TemporaryFolder()
        let model = try await learned(folder)
        let shown = try await ShoalProcess.run(["model", "show", "--model", model])
        #expect(shown.exit == .code(0), "\(shown.errors)")
        for text in ["\ns1  ", "\ns4  ", "set apart by", "channel: ", "category: ", "order value: ", "k 4"] {
            #expect(shown.output.contains(text), "\(text)")
        }
        let json = try await ShoalProcess.run(["model", "show", "--json", "--model", model])
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((report?["segments"] as? [[String: Any]])?.count == 4)

        let renamed = folder.path("renamed.json")
        let rename = try await ShoalProcess.run([
            "model", "rename", "--model", model, "s3", "Sunday people", "--output", renamed,
        ])
        #expect(rename.exit == .code(0), "\(rename.errors)")
        let same = try await ShoalProcess.run(["model", "diff", model, model])
        #expect(same.exit == .code(0))
        #expect(same.output.contains("no difference"))
        let difference = try await ShoalProcess.run(["model", "diff", model, renamed])
        #expect(difference.exit == .code(0))
        let lines = difference.output.split(separator: "\n")
        #expect(lines.count == 4, "\(difference.output)")
        #expect(lines.last?.hasPrefix("renamed  s3 ") == true)
        #expect(lines.last?.hasSuffix("to 'Sunday people'") == true)
    }

    @Test func `a name that is taken is bad usage, and a file that is no model a failure`() async throws {
        let folder = try TemporaryFolder()
        let model = try await learned(folder)
        let before = try Data(contentsOf: URL(filePath: model))
        let first = try await ShoalProcess.run(["model", "rename", "--model", model, "s1", "Ours"])
        #expect(first.exit == .code(0), "\(first.errors)")
        #expect(try Data(contentsOf: URL(filePath: model)) != before)
        let second = try await ShoalProcess.run(["model", "rename", "--model", model, "s2", "Ours"])
        #expect(second.exit == .code(2))
        #expect(second.errors.contains("'Ours' is the name of s1"))
        let damaged = try folder.write("damaged.json", "{")
        let shown = try await ShoalProcess.run(["model", "show", "--model", damaged])
        #expect(shown.exit == .code(1))
        #expect(shown.errors.contains("damaged.json"))
        let difference = try await ShoalProcess.run(["model", "diff", model, folder.path("missing.json")])
        #expect(difference.exit == .code(1))
    }

    @Test func `a shadow runs beside the live model, and its report adds up and is the same each time`()
        async throws
    {
        let folder = try TemporaryFolder()
        let events = try await ShoalProcess.run([
            "simulate", "--events", "6000", "--customers", "300", "--seed", "12",
        ])
        let file = try folder.write("events.ndjson", events.output)
        let live = try folder.write("live.yaml", "model: {k: 4, warmup: 200}\nbatch: {size: 128}\n")
        let other = try folder.write("other.yaml", "model: {k: 3, warmup: 200}\nbatch: {size: 128}\n")
        let candidate = folder.path("candidate.json")
        _ = try await ShoalProcess.run(["replay", "--config", other, "--save-model", candidate, file])
        let plain = try await ShoalProcess.run(["replay", "--config", live, "--changes", "-", file])
        for arguments in [["--shadow", candidate], ["--shadow-config", other]] {
            var reports: [Data] = []
            for name in ["a.json", "b.json"] {
                let path = folder.path(name)
                let replay = try await ShoalProcess.run(
                    ["replay", "--config", live, "--changes", "-", "--shadow-report", path] + arguments + [
                        file
                    ])
                #expect(replay.exit == .code(0), "\(replay.errors)")
                #expect(replay.output == plain.output, "The live side does not notice.")
                reports.append(try Data(contentsOf: URL(filePath: path)))
            }
            #expect(reports[0] == reports[1])
            let report = try #require(
                try JSONSerialization.jsonObject(with: reports[0]) as? [String: Any])
            let rows = try #require(report["matrix"] as? [[String: Any]])
            let cells = rows.flatMap { $0["cells"] as? [[String: Any]] ?? [] }
            let sum = cells.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
            #expect(sum == report["total"] as? Int)
            #expect(sum > 250)
            let moved = cells.filter { $0["is_move"] as? Bool == true }
                .reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
            #expect(moved == report["movers"] as? Int)
            #expect(moved > 0)
        }
        let text = try await ShoalProcess.run(["replay", "--config", live, "--shadow", candidate, file])
        #expect(text.errors.contains("would move"))
        let unused = try await ShoalProcess.run(["replay", "--shadow-report", "-", file])
        #expect(unused.exit == .code(2))
    }
}
