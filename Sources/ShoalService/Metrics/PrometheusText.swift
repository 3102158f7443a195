internal import Histogram
internal import ShoalEngine

/// Writes metrics in Prometheus' text format, version 0.0.4.
struct PrometheusText {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""
    private var name = ""

    /// Begins a metric; its samples follow.
    ///
    /// - Parameters:
    ///   - name: with its unit, `_total` at the end of a counter.
    ///   - kind: what it is.
    ///   - help: one sentence.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ value: Double, _ labels: [(String, String)] = [], suffix: String = "") {
        text += name + suffix + Self.braces(labels) + " " + Self.number(value) + "\n"
    }

    mutating func sample(_ value: Int, _ labels: [(String, String)] = [], suffix: String = "") {
        sample(Double(value), labels, suffix: suffix)
    }

    /// A histogram of milliseconds as one of seconds.
    mutating func samples(_ histogram: LatencyHistogram, _ labels: [(String, String)] = []) {
        var counts = Array(repeating: 0, count: Self.bounds.count)
        var sum = 0.0
        for bucket in histogram.recordedValues() {
            // Of values that the histogram does not tell apart, the least: a bound is among them.
            let milliseconds = histogram.lowestEquivalentForValue(bucket.value)
            let count = Int(bucket.count)
            sum += Double(milliseconds) * Double(count) / 1_000
            guard let index = Self.bounds.firstIndex(where: { milliseconds <= $0 }) else { continue }
            counts[index] += count
        }
        var below = 0
        for (bound, count) in zip(Self.bounds, counts) {
            below += count
            sample(below, labels + [("le", Self.number(Double(bound) / 1_000))], suffix: "_bucket")
        }
        let total = Int(histogram.totalCount)
        sample(total, labels + [("le", "+Inf")], suffix: "_bucket")
        sample(sum, labels, suffix: "_sum")
        sample(total, labels, suffix: "_count")
    }

    /// Milliseconds: three in each power of ten, from what a lane needs to what an outage takes.
    private static let bounds: [UInt64] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000,
    ]

    private static func braces(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
