import Foundation
import ShoalCore
import ShoalTestSupport

/// Numbers with known changes, from a seed.
struct DriftStreams {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func unit() -> Double { generator.nextUnit() }

    /// About normal, mean 0 and standard deviation 1; by additions alone, so that other languages agree.
    mutating func bell() -> Double {
        var total = 0.0
        for _ in 0..<12 { total += generator.nextUnit() }
        return total - 6
    }

    mutating func values(_ count: Int, _ value: (inout DriftStreams, Int) -> Double) -> [Double] {
        (0..<count).map { value(&self, $0) }
    }

    /// The streams of `Tests/Golden/drift-river.py`, bit for bit.
    static func golden() -> [String: [Double]] {
        var streams = DriftStreams(seed: 1)
        var named: [String: [Double]] = [:]
        named["stationary"] = streams.values(6_000) { streams, _ in streams.bell() }
        named["step"] = streams.values(6_000) { streams, index in streams.bell() + (index >= 3_000 ? 1 : 0) }
        named["ramp"] = streams.values(6_000) { streams, index in streams.bell() + Double(index) / 2_000 }
        named["saw"] = streams.values(6_000) { streams, index in streams.bell() + Double(index % 1_440) / 720
        }
        named["heavy"] = streams.values(6_000) { streams, _ in 1 / streams.unit() }
        named["binary"] = streams.values(6_000) { streams, index in
            streams.unit() < (index < 3_000 ? 0.3 : 0.5) ? 1 : 0
        }
        named["tiny"] = streams.values(6_000) { streams, index in
            1e-9 * (streams.bell() + (index >= 3_000 ? 2 : 0))
        }
        named["offset"] = streams.values(6_000) { streams, index in
            1e6 + streams.bell() - (index >= 3_000 ? 2 : 0)
        }
        named["constant"] = Array(repeating: 3, count: 3_000)
        named["constants"] = Array(repeating: 3, count: 1_500) + Array(repeating: 4, count: 1_500)
        return named
    }

    /// The columns of a data set by 0-based number; the first line is a header.
    ///
    /// - Throws: What reading or the `xz` tool ended with.
    static func columns(of path: String) throws -> [[Double]] {
        let data = try CorpusFolder.unpacked(path)
        var columns: [[Double]] = []
        for line in data.split(separator: UInt8(ascii: "\n")).dropFirst() {
            let fields = line.split(separator: UInt8(ascii: ","))
            if columns.isEmpty { columns = Array(repeating: [], count: fields.count) }
            for (column, field) in fields.enumerated() {
                columns[column].append(Double(String(decoding: field, as: UTF8.self)) ?? .nan)
            }
        }
        return columns
    }
}
