internal import Benchmark
internal import ShoalCore

/// What is done once for many events: summaries, the model, reviews of its segments, the watch for drift.
enum LearningBenchmarks {
    static func add() {
        addSummaries()
        addTrainer()
        Benchmark.add("AdaptiveWindow.absorb") {
            SteadyStream()
        } run: { benchmark, stream in
            stream.refill()
            _ = benchmark.measure { stream.absorb() }
        }
    }

    /// Of a thousand events each; taking one is told per event, its wire form per summary.
    private static func addSummaries() {
        Benchmark.add("Shard.takeSummary/k8-d12") {
            Partition(warm: .change)
        } run: { benchmark, partition in
            partition.fetch()
            partition.absorb()
            let summary = benchmark.measure { partition.shard.takeSummary() }
            partition.learn(from: summary)
        }
        Benchmark.add("BatchSummary.encoded/k8-d12") {
            summary()
        } run: { benchmark, summary in
            benchmark.measure {
                for _ in benchmark.scaledIterations { Benchmark.blackHole(summary.encoded()) }
            }
        }
        Benchmark.add("BatchSummary.decoded/k8-d12") {
            summary().encoded()
        } run: { benchmark, bytes in
            benchmark.measure {
                for _ in benchmark.scaledIterations {
                    let summary = try? BatchSummary(encoded: bytes)
                    precondition(summary != nil, "What was just written can be read.")
                    Benchmark.blackHole(summary)
                }
            }
        }
    }

    private static func summary() -> BatchSummary {
        var partition = Partition(warm: .change)
        return partition.nextSummary()
    }

    private static func review() -> SegmentReview {
        let reviewer = KeptReview()
        var partition = Partition(.change)
        partition.trainer?.reviewer = reviewer
        partition.warmUp()
        return reviewer.newest
    }

    private static func addTrainer() {
        Benchmark.add("Trainer.absorb/k8-d12", scale: .one) {
            Partition(warm: .change)
        } run: { benchmark, partition in
            let summary = partition.nextSummary()
            let model = benchmark.measure { partition.trainer?.absorb(summary) }
            partition.adopt(model ?? nil)
        }
        Benchmark.add("SegmentReview.outcome/k8-d12", scale: .one, units: .microseconds, warmup: 1) {
            review()
        } run: { benchmark, review in
            _ = benchmark.measure { review.outcome() }
        }
        Benchmark.add("Trainer.reseed/k8-d12", scale: .one, units: .microseconds, warmup: 1) {
            Partition(warm: .change).trainer
        } run: { benchmark, trainer in
            // Each time from the same state.
            var trainer = trainer
            _ = benchmark.measure { trainer?.reseed() }
        }
    }
}
