internal import ShoalCore

/// The models side by side: in force, candidate and earlier.
struct ModelView: Encodable {
    struct Stamp: Encodable {
        let version: Int
        let generation: Int
        let segments: Int
        let trainedAt: String
        let plan: String

        init(_ model: SegmentModel) {
            version = model.version
            generation = model.generation
            segments = model.segmentCount
            trainedAt = OutputBuffer.timeText(model.trainedAtMilliseconds)
            plan = SegmentModel.hexadecimal(model.planHash)
        }
    }

    struct Feature: Encodable {
        let name: String
        let definition: String
        /// `nil` for a model that does not tell its definitions.
        @Null var unit: String?
        @Null var transform: String?
        let weight: Double
        let mean: Double
        let scale: Double
    }

    struct Comparison: Encodable {
        struct Side: Encodable {
            let version: Int
            let generation: Int
        }

        struct Move: Encodable {
            @Null var from: String?
            @Null var to: String?
            let count: Int
        }

        let compared: Int
        let agreement: Double
        let movers: Int
        let from: Side
        let moves: [Move]

        init(_ report: ShadowReport) {
            compared = report.compared
            agreement = report.agreement
            movers = report.movers
            from = Side(version: report.live.model.version, generation: report.live.model.generation)
            moves = report.matrix.flatMap { row in
                row.cells.filter(\.isMove).map { Move(from: row.id, to: $0.id, count: $0.count) }
            }
        }
    }

    @Null var live: Stamp?
    let features: [Feature]
    let settings: [String: String]
    @Null var candidate: Stamp?
    @Null var comparison: Comparison?
    let history: [Stamp]

    init(_ shelf: ModelShelf, words: [String: String]) {
        live = shelf.live.map(Stamp.init)
        features =
            shelf.live.map { model in
                model.featureNames.indices.map { axis in
                    let name = model.featureNames[axis]
                    let definition = axis < model.definitions.count ? model.definitions[axis] : nil
                    return Feature(
                        name: name, definition: words[name] ?? name,
                        unit: definition.map { Persona.unit(of: $0.kind).rawValue },
                        transform: definition?.transform.rawValue, weight: model.weights[axis],
                        mean: model.means[axis], scale: model.scales[axis])
                }
            } ?? []
        settings = shelf.live?.settings ?? [:]
        candidate = shelf.candidate.map(Stamp.init)
        comparison = shelf.candidate == nil ? nil : shelf.report.map(Comparison.init)
        history = shelf.history.map(Stamp.init)
    }
}
