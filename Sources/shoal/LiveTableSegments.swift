internal import ShoalEngine

/// The part of the live table that has a row per segment.
struct LiveTableSegments {
    /// What a column says and how wide it is.
    private struct Column {
        let title: String
        let columns: Int
    }

    private static let nameColumnsMax = 48
    private static let barColumnsMin = 8
    private static let barColumnsMax = 24
    private static let trendColumns = 12
    private static let shareColumns = 6

    private let table: LiveTable

    init(_ table: LiveTable) { self.table = table }

    func lines(_ segments: [LiveTableContent.Segment]) -> [String] {
        let idColumns = segments.reduce(2) { max($0, LiveTableText.width($1.id)) }
        let numbers =
            table.showsMore
            ? [
                Column(title: "customers", columns: 9), Column(title: "entered/min", columns: 11),
                Column(title: "left/min", columns: 8), Column(title: "volatility/day", columns: 14),
            ]
            : [
                Column(title: "size", columns: 6), Column(title: "in/min", columns: 7),
                Column(title: "out/min", columns: 7), Column(title: "vol/day", columns: 7),
            ]
        let trendColumns = table.showsMore ? Self.trendColumns + 2 : 0
        let taken = idColumns + 1 + 1 + 1 + Self.shareColumns + numbers.reduce(0) { $0 + $1.columns + 1 }
        let rest = table.inner - taken - trendColumns
        let wanted = segments.reduce(20) { max($0, LiveTableText.width($1.name)) }
        let nameColumns = min(wanted, Self.nameColumnsMax, rest - Self.barColumnsMin)
        let barColumns = min(rest - nameColumns, Self.barColumnsMax)
        var heading = table.line()
        heading.add(LiveTableText.left("id", idColumns) + " ", .dim)
        heading.add(LiveTableText.left("segment", nameColumns) + " ", .dim)
        heading.add(LiveTableText.right("share", barColumns + 1 + Self.shareColumns), .dim)
        for column in numbers { heading.add(" " + LiveTableText.right(column.title, column.columns), .dim) }
        if table.showsMore { heading.add("  trend", .dim) }
        let largest = max(segments.reduce(0) { max($0, $1.share) }, 0.001)
        return [heading.rendered]
            + segments.map { segment in
                let look = LiveTableLine.Look.segment(Self.number(of: segment.id))
                var line = table.line()
                line.add(LiveTableText.left(segment.id, idColumns) + " ", look)
                line.add(LiveTableText.left(LiveTableText.printable(segment.name), nameColumns) + " ")
                let bar = LiveTableBar.text(share: segment.share / largest, columns: barColumns)
                line.add(LiveTableText.left(bar, barColumns), look)
                line.add(" " + LiveTableText.right(Self.percent(segment.share), Self.shareColumns))
                for (column, value) in zip(numbers, Self.values(of: segment)) {
                    line.add(" " + LiveTableText.right(value, column.columns))
                }
                if table.showsMore {
                    line.add("  ")
                    line.add(LiveTableBar.trend(segment.trend, columns: Self.trendColumns), look)
                }
                return line.rendered
            }
    }

    /// `s12` is 12: what a segment's colour follows, so that it keeps it.
    static func number(of id: String) -> Int { Int(id.drop { !$0.isNumber }) ?? 0 }

    private static func values(of segment: LiveTableContent.Segment) -> [String] {
        [
            LiveTableText.compact(Double(segment.size)),
            LiveTableText.compact(segment.flow.enteredPerMinute),
            LiveTableText.compact(segment.flow.leftPerMinute),
            LiveTableText.number(segment.flow.volatilityPerDay),
        ]
    }

    /// `24.1 %`.
    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return tenths >= 1_000 ? "100 %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
