internal import Benchmark
internal import ShoalCore

/// What every event costs, step by step: each `Shard.absorb` does all that the one before it does, and more.
enum EventBenchmarks {
    static func add() {
        Benchmark.add("EventDecoder.decode/json") {
            Partition(.update)
        } run: { benchmark, partition in
            partition.lines.refill()
            let count = benchmark.measure { partition.decode(keeping: false) }
            precondition(count == Workload.eventCount, "Every record is an event.")
        }
        add("Shard.absorb/1-update", .update)
        add("Shard.absorb/2-vector", .vector)
        add("Shard.absorb/3-assign", .assign)
        add("Shard.absorb/4-change", .change)
    }

    private static func add(_ name: String, _ depth: Partition.Depth) {
        Benchmark.add("\(name)/k8-d12") {
            Partition(warm: depth)
        } run: { benchmark, partition in
            partition.fetch()
            benchmark.measure { partition.absorb() }
            partition.learn(from: partition.shard.takeSummary())
        }
    }
}
