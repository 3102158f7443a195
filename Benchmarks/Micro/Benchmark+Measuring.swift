internal import Benchmark
internal import CAllocationCounter

extension BenchmarkMetric {
    /// Heap allocations of a thousand items, because a metric is a whole number.
    ///
    /// The package's own counters belong to a `malloc` of its own, which is left out.
    fileprivate static var allocations: BenchmarkMetric {
        .custom("Allocations of 1,000", polarity: .prefersSmaller, useScalingFactor: false)
    }
}

extension Benchmark {
    /// Adds a benchmark to those that can be run.
    ///
    /// - Parameters:
    ///   - name: what is measured.
    ///   - scale: how many items `run` measures at a time; results are of one.
    ///   - units: of the times.
    ///   - warmup: how often `run` is called before it counts.
    ///   - prepare: makes what `run` works on, when the benchmark is run and not before.
    ///   - run: called again and again; calls `measure` once each time.
    static func add<State: ~Copyable>(
        _ name: String, scale: BenchmarkScalingFactor = .kilo, units: BenchmarkTimeUnits = .nanoseconds,
        warmup: Int = 10, prepare: @escaping () -> State,
        run: @escaping (Benchmark, inout State) -> Void
    ) {
        let configuration = Configuration(
            metrics: [.wallClock, .throughput, .instructions, .allocations], timeUnits: units,
            units: [.allocations: .count], warmupIterations: Workload.isTiny ? 1 : warmup,
            scalingFactor: scale,
            maxDuration: Workload.isTiny ? .milliseconds(1) : .seconds(3),
            maxIterations: Workload.isTiny ? 1 : 10_000)
        var prepared: Owned<State>?
        Benchmark(name, configuration: configuration) { benchmark in
            let state = prepared ?? Owned(prepare())
            prepared = state
            run(benchmark, &state.value)
        }
    }

    /// Measures one stretch of work, and nothing of what was done for it before.
    ///
    /// Not inlined, so that what `work` returns is made, though nobody looks at it.
    ///
    /// - Parameter work: does as many things as the benchmark's scale says.
    /// - Returns: what `work` returns.
    @inline(never)
    func measure<Result: ~Copyable>(_ work: () -> Result) -> Result {
        startMeasurement()
        let before = allocation_counter_value()
        let result = work()
        let allocations = Int(allocation_counter_value() - before)
        stopMeasurement()
        measurement(.allocations, allocations * 1_000 / scaledIterations.count)
        return result
    }
}
