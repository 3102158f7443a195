/// The models that a deployment keeps side by side: the one in force, a candidate, and the last few before.
///
/// Pure: each operation checks, says what to write under which key, and changes nothing else. Whatever takes
/// the place of the model in force is a newer version and a newer generation of it, so that everybody who
/// follows takes it up, whoever trains included.
package struct ModelShelf: Equatable, Sendable {
    /// What one record says.
    package struct Entry: Equatable, Sendable {
        package var key: Key
        /// `nil` takes the key's model off the shelf.
        package var model: SegmentModel?
        /// Why the model in force is another; `nil` for what learning publishes.
        package var directive: Directive?

        package init(key: Key, model: SegmentModel?, directive: Directive? = nil) {
            self.key = key
            self.model = model
            self.directive = directive
        }
    }

    /// The place of a model.
    package enum Key: Hashable, Sendable {
        case live, candidate, candidateReport
        /// A slot of the last generations, from 1 to `previousMax`.
        case previous(Int)
    }

    /// What a person ordered.
    package enum Directive: String, CaseIterable, Sendable { case promote, rollback, rename }

    /// Earlier generations that are kept.
    package static let previousMax = 4

    package var live: SegmentModel?
    package var candidate: SegmentModel?
    /// How the candidate compares, if a daemon has told.
    package var report: ShadowReport?
    /// By slot.
    package var previous: [Int: SegmentModel] = [:]
    /// What models of other features have used.
    package var used = ModelNumbers()

    package init() {}

    /// Earlier models, newest generation first.
    package var history: [SegmentModel] {
        previous.values.sorted { ($0.generation, $0.version) > ($1.generation, $1.version) }
    }

    /// The slot of a generation: consecutive ones take turns, so nothing is moved to keep the last few.
    package static func slot(ofGeneration generation: Int) -> Int { generation % previousMax + 1 }

    /// Puts a model in its place, as a record said.
    package mutating func put(_ model: SegmentModel, under key: Key) {
        switch key {
        case .live: live = model
        case .candidate: candidate = model
        case .previous(let slot): previous[slot] = model
        case .candidateReport: break
        }
    }

    /// Clears a place, as a record without a value said.
    package mutating func remove(_ key: Key) {
        switch key {
        case .live: live = nil
        case .candidate: candidate = nil
        case .previous(let slot): previous[slot] = nil
        case .candidateReport: break
        }
    }

    // MARK: Operations

    /// Puts a candidate beside the model in force.
    ///
    /// - Throws: `ModelShelfError.otherPlan` if it was trained on other features than the model in force.
    package func proposing(_ model: SegmentModel) throws(ModelShelfError) -> [Entry] {
        if let live, live.planHash != model.planHash {
            throw .otherPlan(candidate: model.planHash, live: live.planHash)
        }
        return [Entry(key: .candidate, model: model), Entry(key: .candidateReport, model: nil)]
    }

    /// Makes the candidate the model in force and keeps what was.
    ///
    /// Segments that are the same groups keep the identities of the model in force: by the members they have
    /// in common if the two were compared, by their centroids if not.
    ///
    /// - Throws: `ModelShelfError` if there is no candidate, or it has another plan.
    package func promoting() throws(ModelShelfError) -> [Entry] {
        guard var candidate else { throw .noCandidate }
        if let live, live.planHash == candidate.planHash {
            let pairs = report.flatMap { $0.samePairs(candidate: candidate) }
            candidate = candidate.adoptingIdentities(of: live, pairs: pairs)
        } else if live == nil {
            candidate = candidate.beginning(after: used)
        }
        return try replacing(with: candidate, directive: .promote)
            + [Entry(key: .candidate, model: nil), Entry(key: .candidateReport, model: nil)]
    }

    /// Names a segment of the model in force.
    ///
    /// - Throws: `ModelShelfError` if there is no model, or the name will not do.
    package func renaming(_ label: String, to name: String) throws(ModelShelfError) -> [Entry] {
        guard let live else { throw .noModel }
        do throws(SegmentRenameError) {
            return [Entry(key: .live, model: try live.renaming(label, to: name), directive: .rename)]
        } catch {
            throw .rename(error)
        }
    }

    /// Makes an earlier model the one in force again and keeps what was.
    ///
    /// - Parameter version: which; `nil` is the one before the last structural change. Rolling back twice
    ///   undoes the first.
    /// - Returns: what to write, in this order.
    /// - Throws: `ModelShelfError` if there is none such, or it has another plan.
    package func rollingBack(to version: Int?) throws(ModelShelfError) -> [Entry] {
        let earlier = history.filter { model in
            version == nil ? model.generation < live?.generation ?? .max : model.version == version
        }
        guard let model = earlier.first else {
            throw .noEarlierModel(version: version, known: history.map(\.version))
        }
        return try replacing(with: model, directive: .rollback)
    }

    private func replacing(
        with model: SegmentModel, directive: Directive
    ) throws(ModelShelfError) -> [Entry] {
        guard let live else {
            return [Entry(key: .live, model: model, directive: directive)]
        }
        guard live.planHash == model.planHash else {
            throw .otherPlan(candidate: model.planHash, live: live.planHash)
        }
        let slot = Self.slot(ofGeneration: live.generation)
        return [
            Entry(key: .previous(slot), model: live),
            Entry(key: .live, model: model.succeeding(live), directive: directive),
        ]
    }
}

extension ModelShelf.Key {
    /// The key as a record carries it.
    package var text: String {
        switch self {
        case .live: "model"
        case .candidate: "candidate"
        case .candidateReport: "candidate-report"
        case .previous(let slot): "previous-\(slot)"
        }
    }

    /// - Returns: `nil` for a key of something else.
    package init?(text: String) {
        let all = [Self.live, .candidate, .candidateReport] + (1...ModelShelf.previousMax).map(Self.previous)
        guard let key = all.first(where: { $0.text == text }) else { return nil }
        self = key
    }
}
