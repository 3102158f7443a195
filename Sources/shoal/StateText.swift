internal import Foundation
internal import ShoalCore

/// Snapshots as a person reads of them.
enum StateText {
    /// Size on disk.
    static func bytes(ofFile path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    /// One line.
    static func summary(of header: SnapshotHeader) -> String {
        "partition \(header.place.partition), \(TextFormat.count(header.customerCount)) customers up to "
            + inputs(header)
    }

    /// Everything but the customers themselves.
    static func description(of header: SnapshotHeader, bytes: Int) -> String {
        let counters = header.counters
        let perCustomer = header.customerCount == 0 ? "" : ", \(bytes / header.customerCount) a customer"
        let time = header.streamTimeMilliseconds
        let rows = [
            ("format", "\(header.format)"),
            ("cluster", header.place.cluster.isEmpty ? "unknown" : header.place.cluster),
            ("group", header.place.group),
            ("partition", "\(header.place.partition)"),
            ("up to", inputs(header)),
            (
                "own changes",
                header.place.changesOffset < 0 ? "unknown" : "up to \(header.place.changesOffset)"
            ),
            ("stream time", time == .min ? "none yet" : OutputBuffer.timeText(time)),
            ("customers", "\(TextFormat.count(header.customerCount))"),
            ("bytes", "\(TextFormat.count(bytes))\(perCustomer)"),
            (
                "model",
                header.modelGeneration == 0
                    ? "none yet" : "version \(header.modelVersion), generation \(header.modelGeneration)"
            ),
            (
                "events",
                "\(TextFormat.count(counters.accepted)) accepted, "
                    + "\(TextFormat.count(counters.duplicates)) duplicates, "
                    + "\(TextFormat.count(counters.ignored)) ignored, "
                    + "\(TextFormat.count(counters.rejected)) rejected"
            ),
            ("changes", TextFormat.count(counters.changes)),
            (
                "gone",
                "\(TextFormat.count(counters.erased)) erased, \(TextFormat.count(counters.expired)) expired, "
                    + "\(TextFormat.count(counters.displaced)) to make room"
            ),
        ]
        let features = header.plan.features.map {
            ($0.name, "\($0.keptBytes) bytes, definition \(hexadecimal($0.definitionHash))")
        }
        return table(rows) + "\n\nFeatures (\(features.count))\n" + table(features)
    }

    private static func inputs(_ header: SnapshotHeader) -> String {
        header.place.inputs.map { "\($0.topic) \($0.offset)" }.joined(separator: ", ")
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)"
        }.joined(separator: "\n")
    }
}
