import ShoalCore

/// Monitors and the alerts they lead to, fed as a trainer would.
struct WatchedStream {
    var monitors: DriftMonitors
    var life = AlertLife()
    var findings: [DriftFinding] = []
    var alerts: [DriftAlert] = []
    /// Vectors seen when each alert record was written.
    var positions: [Int] = []

    /// Midnight of 2026-01-01 UTC.
    static let start: Int64 = 1_767_225_600_000

    init(features: [String] = ["x"]) { monitors = DriftMonitors(features: features.map { .init(name: $0) }) }

    /// Positions of the records of one state.
    func positions(_ state: DriftAlert.State) -> [Int] {
        zip(alerts, positions).filter { $0.0.state == state }.map(\.1)
    }

    mutating func absorb(_ input: DriftInput) {
        let found = monitors.absorb(input)
        findings += found.filter { !$0.isContinuation }
        let moment = AlertLife.Moment(
            vectors: monitors.vectors, streamTimeMilliseconds: monitors.newestTime, modelVersion: 12,
            modelGeneration: 3)
        for alert in life.absorb(found, at: moment) {
            alerts.append(alert)
            positions.append(monitors.vectors)
        }
    }

    /// Feeds one feature's values in batches, one value every `milliseconds`, with at most 64 sampled.
    mutating func absorb(_ values: [Double], batch: Int, milliseconds: Int64 = 60_000) {
        var start = 0
        while start + batch <= values.count {
            let part = values[start..<start + batch]
            start += batch
            absorb(Self.input([part], at: Self.start + Int64(start) * milliseconds))
        }
    }

    /// A batch of several features, each given by as many values.
    static func input(_ columns: [ArraySlice<Double>], at time: Int64) -> DriftInput {
        var input = DriftInput(streamTimeMilliseconds: time)
        let count = columns[0].count
        input.count = count
        input.valueCounts = columns.map(\.count)
        for column in columns {
            let mean = column.reduce(0, +) / Double(count)
            input.means.append(mean)
            input.squaredDeviations.append(column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
        }
        let sampled = min(count, BatchSummary.sampleMax)
        for index in 0..<sampled {
            for column in columns {
                input.sample.append(Float(column[column.startIndex + index * count / sampled]))
            }
        }
        return input
    }
}
