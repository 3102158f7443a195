import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// Six groups of customers of which two move, all change their weights, one more comes and goes, and the old
/// regime returns: `drift_synth/customer_mixture`, every fifth row.
@Suite(
    .enabled(if: Build.isOptimised, "takes minutes without optimisation"),
    .enabled(
        if: CorpusFolder.exists(CorpusFolder.data.appending(path: "drift_synth")),
        "needs the data sets in SHOAL_DATA or in ../shared/data"))
struct CustomerMixtureTests {
    private static let rowStep = 5
    private static let minutesPerRow: Int64 = 60_000
    /// Rows after each change that learning may take: two half-lives.
    private static let settling = 10_000

    private func settings(seed: UInt64) -> ModelSettings {
        var settings = ModelSettings()
        settings.warmup = 400
        settings.reservoirSize = 2_000
        settings.clusterCountMax = 8
        settings.halfLife = 5_000 * Self.minutesPerRow
        settings.seed = seed
        return settings
    }

    @Test(arguments: [40, 41, 42, 43, 44, 45] as [UInt64])
    func `segments follow the groups, and the lineage tells what became of them`(seed: UInt64) throws {
        let columns = try DriftStreams.columns(of: "drift_synth/customer_mixture.csv.xz")
        // Each seed sees other rows.
        let rows = stride(from: Int(seed) % Self.rowStep, to: columns[0].count, by: Self.rowStep)
        var trainer = Trainer(
            features: StreamOfShoppers.features(6), planHash: 7, settings: settings(seed: seed))
        /// Segments that each group's rows were put into, by time.
        var seen: [Int: [(row: Int, segment: Int)]] = [:]
        var batch: [[Float]] = []
        for row in rows {
            let vector = (0..<6).map { Float(columns[$0][row]) }
            if let model = trainer.model {
                let index = StreamOfShoppers.nearest(vector, in: model).segment
                seen[Int(columns[6][row]), default: []].append((row, model.segments[index].id))
            }
            batch.append(vector)
            guard batch.count == 64 else { continue }
            _ = trainer.absorb(
                StreamOfShoppers.summary(
                    of: batch, model: trainer.model, time: Int64(row) * Self.minutesPerRow))
            batch = []
        }
        let model = try #require(trainer.model)
        let chapters = model.lineage.map { "\($0.kind.rawValue) s\($0.segment)" }
        #expect(
            chapters == (1...6).map { "born s\($0)" } + ["born s7", "retired s7"], "seed \(seed)")
        // Six groups keep one identity each through all of it.
        var owners: [Int: Int] = [:]
        for group in 0..<6 {
            let segments = Set(try #require(seen[group]).map(\.segment))
            #expect(segments.count == 1, "seed \(seed): group \(group) was in \(segments)")
            owners[group] = segments.first
        }
        #expect(Set(owners.values).count == 6, "seed \(seed)")
        // The seventh is told apart while it is there.
        let born = try #require(seen[6]).filter { $0.row >= 90_000 + Self.settling && $0.row < 120_000 }
        #expect(Set(born.map(\.segment)) == [7], "seed \(seed)")
    }
}
