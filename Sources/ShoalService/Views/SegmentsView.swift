internal import ShoalCore
internal import ShoalEngine

/// All segments beside each other.
struct SegmentsView: Encodable {
    struct Segment: Encodable {
        struct Size: Encodable {
            let at: String
            let members: Int
        }

        let id: String
        let name: String
        let isRenamed: Bool
        let share: Double
        let members: Int
        let enteredPerMinute: Double
        let leftPerMinute: Double
        let volatilityPerDay: Double
        let trend: [Size]
        let distinctive: [Persona.Trait]
        let position: SegmentMap.Position
        @Null var example: Persona.Example?
    }

    @Null var model: StatusView.Model?
    let customers: Int
    let unassigned: Int
    let segments: [Segment]

    init(_ status: EngineStatus, personas: PersonaCache.Content?, watch: EngineWatch) {
        customers = status.customers
        let members = status.segments.reduce(0) { $0 + $1.members }
        unassigned = max(0, status.customers - members)
        guard let personas else {
            model = nil
            segments = []
            return
        }
        let known = Dictionary(status.segments.map { ($0.id, $0) }) { first, _ in first }
        model = StatusView.Model(version: personas.version, generation: personas.generation)
        segments = zip(personas.personas, personas.positions).map { persona, position in
            Segment(persona, at: position, members: known[persona.id]?.members ?? 0, watch: watch)
        }
    }
}

extension SegmentsView.Segment {
    init(_ persona: Persona, at position: SegmentMap.Position, members: Int, watch: EngineWatch) {
        let flow = watch.flow(of: persona.id)
        id = persona.id
        name = persona.name
        isRenamed = persona.isRenamed
        share = persona.share
        self.members = members
        enteredPerMinute = Self.rounded(flow.enteredPerMinute)
        leftPerMinute = Self.rounded(flow.leftPerMinute)
        volatilityPerDay = Self.rounded(flow.volatilityPerDay)
        trend = watch.trend(of: persona.id).map {
            Size(at: OutputBuffer.timeText($0.at), members: $0.members)
        }
        distinctive = persona.distinctive
        self.position = position
        example = persona.example
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}
