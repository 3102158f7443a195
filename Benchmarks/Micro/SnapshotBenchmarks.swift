internal import Benchmark
internal import ShoalCore

/// What it costs to save a customer, and to have them back: one of a million.
enum SnapshotBenchmarks {
    /// Customers of the snapshot.
    private static var scale: BenchmarkScalingFactor { Workload.isTiny ? .kilo : .mega }

    static func add() {
        Benchmark.add("SnapshotWriter.append/d12", scale: scale, warmup: 1) {
            Partition(warm: .change, customers: scale.rawValue)
        } run: { benchmark, partition in
            // From the freeze to the last byte.
            _ = benchmark.measure { partition.snapshot() }
        }
        Benchmark.add("SnapshotReader.shard/d12", scale: scale, warmup: 1) {
            var partition = Partition(warm: .change, customers: scale.rawValue)
            return SavedShard(bytes: partition.snapshot(), settings: partition.settings)
        } run: { benchmark, saved in
            let shard = benchmark.measure { saved.restored() }
            precondition(shard.customerCount == scale.rawValue, "Everybody is back.")
        }
    }
}
