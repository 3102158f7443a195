/// The part of the live table that tells of the latest changes, one sentence each.
struct LiveTableChanges {
    /// More are not read anyway.
    private static let changesMax = 12
    private static let reasonsMax = 2
    private static let arrow = " → "

    private let table: LiveTable

    init(_ table: LiveTable) { self.table = table }

    func lines(_ changes: [DemoChange], rowsMax: Int) -> [String] {
        let each = table.showsMore ? 1 : 2
        return changes.prefix(min(Self.changesMax, rowsMax / each)).flatMap { change in
            table.showsMore ? [oneLine(change)] : twoLines(change)
        }
    }

    /// Who, from where to where and why; names give way to the reason.
    private func oneLine(_ change: DemoChange) -> String {
        let reason = "  " + Self.because(change, reasonsMax: 1)
        var line = table.line()
        let used = LiveTableText.width(change.customer) + 2 + LiveTableText.width(reason)
        addMove(change, columnsMax: table.inner - used, to: &line)
        line.add(reason, .dim)
        return line.rendered
    }

    private func twoLines(_ change: DemoChange) -> [String] {
        var first = table.line()
        addMove(change, columnsMax: table.inner - LiveTableText.width(change.customer) - 2, to: &first)
        guard !change.reasons.isEmpty else { return [first.rendered] }
        var second = table.line()
        second.add("  ")
        let all = Self.because(change, reasonsMax: Self.reasonsMax)
        let fits = LiveTableText.width(all) <= table.inner - second.columns
        second.add(fits ? all : Self.because(change, reasonsMax: 1), .dim)
        return [first.rendered, second.rendered]
    }

    /// Customer and segments, the names clipped alike if both cannot be whole.
    private func addMove(_ change: DemoChange, columnsMax: Int, to line: inout LiveTableLine) {
        line.add(LiveTableText.printable(change.customer) + "  ", .bold)
        let places = [change.from, change.to].compactMap(\.self)
        let room = max(0, columnsMax - LiveTableText.width(Self.arrow) - (places.count < 2 ? 9 : 0))
        let widths = Self.shares(places.map { LiveTableText.width($0.name) }, of: room)
        var index = 0
        for (position, place) in [change.from, change.to].enumerated() {
            if position == 1 { line.add(Self.arrow) }
            guard let place else {
                line.add(position == 0 ? "new" : "forgotten", .dim)
                continue
            }
            let name = LiveTableText.clipped(LiveTableText.printable(place.name), to: widths[index])
            line.add(name, .segment(LiveTableSegments.number(of: place.id)))
            index += 1
        }
    }

    /// Columns for each of at most two texts that want as many: what one leaves goes to the other.
    private static func shares(_ wanted: [Int], of room: Int) -> [Int] {
        guard wanted.count == 2, wanted[0] + wanted[1] > room else { return wanted.map { min($0, room) } }
        let half = room / 2
        if wanted[0] <= half { return [wanted[0], room - wanted[0]] }
        if wanted[1] <= room - half { return [room - wanted[1], wanted[1]] }
        return [half, room - half]
    }

    /// "because spend is high (5.1, typical was 1.2)".
    static func because(_ change: DemoChange, reasonsMax: Int) -> String {
        let isFirst = change.from == nil
        let parts = change.reasons.prefix(reasonsMax).map { reason in
            let feature = LiveTableText.printable(reason.feature).replacing("_", with: " ")
            let direction = reason.value > reason.wasTypical ? "high" : "low"
            let value = LiveTableText.number(reason.value)
            let other = LiveTableText.number(reason.wasTypical)
            return "\(feature) is \(direction) (\(value), \(isFirst ? "average is" : "typical was") \(other))"
        }
        return parts.isEmpty ? "" : "because " + parts.joined(separator: " and ")
    }
}
