internal import ShoalCore
internal import ShoalEngine

/// What the people who answer for a model are asked about it: the documentation that the EU AI Act wants of
/// a system that sorts people (Regulation 2024/1689, annex IV, as far as a program can know it).
struct ModelCard: Encodable {
    struct Feature: Encodable {
        let name: String
        let measures: String
        let weight: Double
    }

    struct Segment: Encodable {
        let id: String
        let name: String
        let namedByHand: Bool
        let share: Double
        let setApartBy: [String]
    }

    struct Quality: Encodable {
        /// Of samples by the candidate's comparison, where there is one; else of nothing.
        @Null var unexplainedShare: Double?
        let segments: Int
        let customersHere: Int
        let rejectedRecordsHere: Int
        let suppressedFlapsHere: Int
    }

    let purpose: String
    @Null var model: ModelView.Stamp?
    let data: [String]
    let features: [Feature]
    let sensitiveAttributes: String
    let trainingWindow: String
    let settings: [String: String]
    let segments: [Segment]
    let quality: Quality
    let driftHistory: [String]
    let approvals: [String]
    let limits: [String]

    init(
        _ shelf: ModelShelf, engine: EngineSettings, status: EngineStatus, settings: ServiceSettings,
        alerts: [[UInt8]]
    ) {
        purpose =
            "Groups customers who act alike, so that what they are shown or sent can suit them. A segment is "
            + "the nearest centroid of a customer's feature vector; it says nothing about a person beyond "
            + "what the features below measure, and must not decide on access to services, credit or prices."
        model = shelf.live.map(ModelView.Stamp.init)
        data = engine.sources.map { source in
            "source \(source.name): topics \(source.topics.joined(separator: ", "))"
        }
        features = engine.features.map { feature in
            Feature(
                name: feature.name, measures: settings.featureWords[feature.name] ?? feature.name,
                weight: feature.weight)
        }
        sensitiveAttributes =
            settings.sensitiveReason.map { "used, because: \($0)" }
            ?? "none: features, filters and sources that name them are refused at start"
        trainingWindow = Self.window(shelf.live, engine)
        self.settings = shelf.live?.settings ?? [:]
        segments = shelf.live.map(Persona.personas)?.map(Self.segment) ?? []
        quality = Quality(
            unexplainedShare: shelf.report?.live.unexplainedShare,
            segments: shelf.live?.segmentCount ?? 0, customersHere: status.customers,
            rejectedRecordsHere: status.counters.rejected,
            suppressedFlapsHere: status.counters.suppressedFlaps)
        driftHistory = alerts.reversed().compactMap { AlertSummary($0)?.line }
        approvals = Self.approvals(shelf)
        limits = [
            "Customers with fewer than \(engine.model.minEvents) events have no segment.",
            "A segment is of what a customer has done of late; whoever acts differently moves.",
            "Counts here are of this instance's customers; the model is the whole deployment's.",
        ]
    }

    private static func window(_ model: SegmentModel?, _ engine: EngineSettings) -> String {
        guard let model else { return "no model yet: \(engine.model.warmup) vectors are gathered first" }
        return "up to \(OutputBuffer.timeText(model.trainedAtMilliseconds)); older vectors count less, "
            + "half after \(engine.model.halfLife / 3_600_000) hours of stream time"
    }

    private static func segment(_ persona: Persona) -> Segment {
        Segment(
            id: persona.id, name: persona.name, namedByHand: persona.isRenamed, share: persona.share,
            setApartBy: persona.distinctive.map { $0.word ?? $0.feature })
    }

    private static func approvals(_ shelf: ModelShelf) -> [String] {
        guard let live = shelf.live else { return [] }
        var lines = ["in force: version \(live.version), generation \(live.generation)"]
        if let candidate = shelf.candidate {
            lines.append("awaiting approval: a candidate of \(candidate.segmentCount) segments")
        }
        lines += shelf.history.map { "earlier: version \($0.version), generation \($0.generation)" }
        return lines
    }

    // MARK: Markdown

    var markdown: String {
        var lines = ["# Model card", "", purpose, ""]
        lines.append(
            model.map { "Version \($0.version), generation \($0.generation), feature plan \($0.plan)." }
                ?? "There is no model yet.")
        lines += section("Data", data)
        lines += ["", "## Features", "", "| feature | measures | weight |", "|---|---|---|"]
        lines += features.map { "| \($0.name) | \(Self.cell($0.measures)) | \($0.weight) |" }
        lines += ["", "## Sensitive attributes", "", sensitiveAttributes]
        lines += ["", "## Training window", "", trainingWindow]
        lines += section("Settings", settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        lines += ["", "## Segments", "", "| id | name | share | set apart by |", "|---|---|---|---|"]
        lines += segments.map { segment in
            let share = "\((segment.share * 1_000).rounded() / 10) %"
            let words = segment.setApartBy.map(Self.cell).joined(separator: ", ")
            return "| \(segment.id) | \(Self.cell(segment.name)) | \(share) | \(words) |"
        }
        lines += section(
            "Quality",
            [
                quality.unexplainedShare.map { "unexplained share of the variance: \($0)" },
                "customers here: \(quality.customersHere)",
                "records rejected here: \(quality.rejectedRecordsHere)",
                "moves held back as flaps here: \(quality.suppressedFlapsHere)",
            ].compactMap(\.self))
        lines += section("Drift", driftHistory.isEmpty ? ["none was found"] : driftHistory)
        lines += section("Approvals", approvals)
        lines += section("Limits", limits)
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        ["", "## \(title)", ""] + (lines.isEmpty ? ["none"] : lines.map { "- \($0)" })
    }

    /// Text in a table, whatever a person has called a segment.
    private static func cell(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("<", with: "&lt;")
            .replacing("\n", with: " ")
    }
}
