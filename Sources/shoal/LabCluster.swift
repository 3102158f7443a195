internal import ArgumentParser
internal import Foundation
internal import ShoalCore

/// Clusters the rows of a CSV file and reports how well.
struct LabCluster: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Clusters the rows of a CSV file of numbers.",
        discussion: """
            Prints one JSON line: k, n, d, inertia (the sum of squared distances to the nearest \
            centroid), sizes and the seconds that clustering took, reading not included. A first line \
            that is not numeric is a header.
            """)

    @Option(name: .customLong("k"), help: "Clusters; fewer are found if there are fewer distinct rows.")
    var clusterCount: Int

    @Option(help: "Mini-batch passes over the rows after seeding.")
    var passes = 1

    @Option(name: .customLong("batch"), help: "Rows of one mini-batch.")
    var batchSize = 1_024

    @Option(help: "Seed of all random choices.")
    var seed: UInt64 = 42

    @Option(name: .customLong("labels"), help: "A file to write each row's cluster to, one number per line.")
    var labelsFile: String?

    @Flag(name: .customLong("scale"), help: "Divide each column by its standard deviation first.")
    var isScaled = false

    @Argument(help: "The CSV file.")
    var file: String

    /// More clusters or rows per batch than this are a slip of the hand.
    private static let countMax = 1_000_000

    func validate() throws {
        for (option, value) in [("--k", clusterCount), ("--passes", passes), ("--batch", batchSize)]
        where !(1...Self.countMax).contains(value) {
            throw ValidationError("\(option) \(value) is out of range: use 1 to \(Self.countMax).")
        }
    }

    func run() throws {
        let table = try NumberTable(path: file)
        var settings = TableClustering.Settings(clusterCount: clusterCount)
        settings.passes = passes
        settings.batchSize = batchSize
        settings.seed = seed
        settings.isScaled = isScaled
        let clock = ContinuousClock()
        let start = clock.now
        let result = TableClustering(table.values, featureCount: table.columnCount, settings: settings)
        let elapsed = start.duration(to: clock.now)
        if let labelsFile {
            let text = result.labels.map(String.init).joined(separator: "\n") + "\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: labelsFile))
        }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        print(
            """
            {"k":\(result.sizes.count),"n":\(table.rowCount),"d":\(table.columnCount),\
            "inertia":\(result.inertia),"sizes":[\(result.sizes.map(String.init).joined(separator: ","))],\
            "seconds":\(seconds)}
            """)
    }
}
