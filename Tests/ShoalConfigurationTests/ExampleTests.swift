internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import Testing

@Suite struct ExampleTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private func load(_ path: String) throws -> ShoalConfiguration {
        try ShoalConfiguration.load(path: Self.root.appending(path: path).path, environment: [:])
    }

    @Test func `every example is accepted and explained`() throws {
        let folder = Self.root.appending(path: "Deploy/examples")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 5)
        for file in files {
            let configuration = try load("Deploy/examples/\(file)")
            for feature in configuration.features {
                #expect(configuration.resolvedPlan.contains("\(feature.words)\n"), "\(file)")
            }
        }
    }

    @Test func `the shop's plan is the default plan`() throws {
        #expect(try load("Deploy/examples/shop.yaml") == ShoalConfiguration())
    }

    @Test func `the full example says the defaults`() throws {
        #expect(try load("Deploy/examples/full.yaml") == ShoalConfiguration())
    }

    @Test func `the full example names every setting`() throws {
        let full = try text("Deploy/examples/full.yaml")
        // Settings of some kinds only exist where such a kind is written.
        let kinds = """
            features:
              - {name: a, sum: {of: amount}, half_life: 1d}
              - {name: b, ratio: {of: {}, to: {}}, half_life: 1d}
              - {name: c, share: {of: {}, among: {}}, half_life: 1d}
              - {name: d, since: {}, cap: 1d}
              - {name: e, trend: {of: {}, short: 1d, long: 2d}}
            sources:
              - name: a
                format: csv
                columns: [a, customer_id]
                fields: {type: {path: a, strip_suffix: b}}
                type_rules: [{when: {a: {prefix: b}}, becomes: c}]
                ignore: [{a: {present: true}}, {a: {not: b}}, {a: {below: 0}}]
              - {name: b, item_fields: {price: a}}
            """
        var keys: Set<String> = []
        for text in [full, kinds] {
            let reader = ConfigurationReader(file: "full.yaml")
            _ = try reader.read(text, environment: [:])
            keys.formUnion(reader.log.askedKeys)
        }
        #expect(keys.count > 80)
        let words = Set(full.split { !$0.isLetter && !$0.isNumber && !"_:".contains($0) }.map(String.init))
        for key in keys.sorted() {
            let name = key.split(separator: ".").last.map(String.init) ?? key
            #expect(words.contains("\(name):"), "\(key) is not in full.yaml")
        }
    }

    @Test func `the benchmark's workload is the peers'`() throws {
        let configuration = try load("Benchmarks/w1.yaml")
        #expect(configuration.features.count == 12)
        #expect(configuration.features.allSatisfy { $0.weight == 1 && $0.halfLives == [7 * 86_400_000] })
        #expect(configuration.model.clusterCount == .fixed(8))
        #expect(configuration.model.warmup == 2_000)
    }

    @Test func `a file that is none says so`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shoal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let large = folder.appending(path: "large.yaml").path
        try Data(repeating: 35, count: (1 << 20) + 1).write(to: URL(filePath: large))
        let latin = folder.appending(path: "latin.yaml").path
        try Data([0x6C, 0x3A, 0xFF]).write(to: URL(filePath: latin))
        let cases = [
            (folder.path, "is a directory; give the path of a YAML file with --config"),
            ("\(folder.path)/none.yaml", "no such file; give the path of a YAML file with --config"),
            (large, "is larger than 1MiB; give a YAML file with settings, not data"),
            (latin, "is not UTF-8 text; save it as UTF-8"),
        ]
        for (path, message) in cases {
            let error = try #require(throws: ConfigurationError.self) {
                try ShoalConfiguration.load(path: path, environment: [:])
            }
            #expect(error.description == "\(path):1: \(message)")
        }
    }
}
