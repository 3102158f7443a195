/// What the package's generated `main` registers; a process then runs one of them.
let benchmarks: @Sendable () -> Void = {
    EventBenchmarks.add()
    LearningBenchmarks.add()
    SnapshotBenchmarks.add()
}
