internal import ShoalCore
internal import ShoalEngine

/// One segment, with everything that is known of it.
struct SegmentView: Encodable {
    struct Chapter: Encodable {
        let event: String
        @Null var other: String?
        let at: String
    }

    struct Transitions: Encodable {
        struct From: Encodable {
            @Null var from: String?
            let count: Int
        }

        struct To: Encodable {
            @Null var to: String?
            let count: Int
        }

        let minutes: Int
        let `in`: [From]
        let out: [To]
    }

    private struct Details: Encodable {
        let size: Double
        let typical: [Persona.Trait]
        @Null var channel: Persona.Preference?
        @Null var category: Persona.Preference?
        @Null var orderValue: Persona.Trait?
        let lineage: [Chapter]
        let transitions: Transitions
    }

    private static let minutes = 60

    private let summary: SegmentsView.Segment
    private let details: Details

    /// - Returns: `nil` if the model has no such segment.
    init?(_ id: String, _ personas: PersonaCache.Content, status: EngineStatus, watch: EngineWatch) {
        guard let index = personas.personas.firstIndex(where: { $0.id == id }),
            let number = Int(id.dropFirst())
        else { return nil }
        let persona = personas.personas[index]
        let members = status.segments.first { $0.id == id }?.members ?? 0
        summary = SegmentsView.Segment(
            persona, at: personas.positions[index], members: members, watch: watch)
        var arrivals: [Transitions.From] = []
        var departures: [Transitions.To] = []
        watch.moves(minutes: Self.minutes).moves.forEach { from, to, count in
            if to == number { arrivals.append(Transitions.From(from: Self.label(from), count: count)) }
            if from == number { departures.append(Transitions.To(to: Self.label(to), count: count)) }
        }
        let lineage = personas.lineage.filter { $0.segment == number || $0.other == number }
        details = Details(
            size: persona.size, typical: persona.typical, channel: persona.channel,
            category: persona.category, orderValue: persona.orderValue,
            lineage: lineage.map { Self.chapter($0, of: number) },
            transitions: Transitions(
                minutes: Self.minutes, in: arrivals.sorted { $0.count > $1.count },
                out: departures.sorted { $0.count > $1.count }))
    }

    func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        try details.encode(to: encoder)
    }

    /// As the segment itself tells it: another that split from this one is a chapter of its life as well.
    private static func chapter(_ entry: SegmentLineage, of number: Int) -> Chapter {
        let isOwn = entry.segment == number
        let event =
            isOwn
            ? entry.kind.rawValue : entry.kind == .mergedInto ? "took_in" : "gave_rise_to"
        return Chapter(
            event: event, other: label(isOwn ? entry.other ?? 0 : entry.segment),
            at: OutputBuffer.timeText(entry.atMilliseconds))
    }

    static func label(_ number: Int) -> String? { number == 0 ? nil : "s\(number)" }
}
