import ShoalCore
import Testing

@Suite struct ModelShelfTests {
    private func shelf() -> ModelShelf {
        var shelf = ModelShelf()
        shelf.live = ModelPair.first
        return shelf
    }

    /// What a reader of the entries holds afterwards.
    private func applied(_ entries: [ModelShelf.Entry], to shelf: ModelShelf) -> ModelShelf {
        var shelf = shelf
        for entry in entries {
            if let model = entry.model { shelf.put(model, under: entry.key) } else { shelf.remove(entry.key) }
        }
        return shelf
    }

    @Test func `promotion puts the candidate in force as a newer version and generation, and keeps the old`()
        throws
    {
        var shelf = shelf()
        var candidate = ModelPair.second
        candidate.version = 3
        candidate.generation = 1
        candidate.nextSegmentID = 4
        shelf = applied(try shelf.proposing(candidate), to: shelf)
        #expect(shelf.live == ModelPair.first)
        let entries = try shelf.promoting()
        #expect(entries.compactMap(\.directive) == [.promote])
        let after = applied(entries, to: shelf)
        #expect(after.candidate == nil)
        #expect(after.live?.version == 11)
        #expect(after.live?.generation == 3)
        #expect(after.live?.nextSegmentID ?? 0 >= 5)
        #expect(after.live?.centroids == candidate.centroids)
        #expect(after.history == [ModelPair.first])
    }

    @Test func `rollback takes the generation before, twice undoes it, and a version by name`() throws {
        var shelf = shelf()
        shelf = applied(try shelf.proposing(ModelPair.second), to: shelf)
        shelf = applied(try shelf.promoting(), to: shelf)
        let promoted = try #require(shelf.live)
        shelf = applied(try shelf.rollingBack(to: nil), to: shelf)
        #expect(shelf.live?.centroids == ModelPair.first.centroids)
        #expect(shelf.live?.generation == promoted.generation + 1)
        #expect(shelf.live?.version == promoted.version + 1)
        let twice = applied(try shelf.rollingBack(to: nil), to: shelf)
        #expect(twice.live?.centroids == ModelPair.second.centroids)
        let named = applied(try twice.rollingBack(to: ModelPair.first.version), to: twice)
        #expect(named.live?.centroids == ModelPair.first.centroids)
        #expect(throws: ModelShelfError.self) { try named.rollingBack(to: 12_345) }
    }

    @Test func `a first model is told apart from the segments of other features`() throws {
        var other = ModelPair.second
        other.version = 40
        other.generation = 7
        other.nextSegmentID = 9
        var shelf = ModelShelf()
        shelf.used.use(other)
        var candidate = ModelPair.first
        candidate.lineage = [
            SegmentLineage(kind: .mergedInto, segment: 3, other: 1, generation: 2, atMilliseconds: 5)
        ]
        shelf = applied(try shelf.proposing(candidate), to: shelf)
        let live = try #require(applied(try shelf.promoting(), to: shelf).live)
        #expect(live.version == 41 && live.generation == 8)
        #expect(live.segments.map(\.id) == candidate.segments.map { $0.id + 8 })
        #expect(live.nextSegmentID == candidate.nextSegmentID + 8)
        #expect(live.lineage.map(\.segment) == [11] && live.lineage.map(\.other) == [9])
        #expect(live.centroids == candidate.centroids)
    }

    @Test func `the last generations are kept, each in a slot of its own`() throws {
        var shelf = shelf()
        for _ in 0..<7 {
            shelf = applied(try shelf.proposing(ModelPair.second), to: shelf)
            shelf = applied(try shelf.promoting(), to: shelf)
        }
        let generation = try #require(shelf.live?.generation)
        #expect(
            shelf.history.map(\.generation) == (1...ModelShelf.previousMax).map { generation - $0 })
    }

    @Test func `another plan, no candidate and nothing to go back to are refused`() throws {
        var other = ModelPair.second
        other.planHash = 1
        #expect(throws: ModelShelfError.otherPlan(candidate: 1, live: 99)) {
            try shelf().proposing(other)
        }
        #expect(throws: ModelShelfError.noCandidate) { try shelf().promoting() }
        #expect(throws: ModelShelfError.noEarlierModel(version: nil, known: [])) {
            try shelf().rollingBack(to: nil)
        }
        var mixed = shelf()
        mixed.candidate = other
        #expect(throws: ModelShelfError.otherPlan(candidate: 1, live: 99)) { try mixed.promoting() }
    }

    @Test func `a stranger's segments get the identities of the groups they are, or new ones`() {
        var live = ModelPair.first
        live.lineage = [
            SegmentLineage(kind: .born, segment: 1, generation: 1, atMilliseconds: 5)
        ]
        var stranger = live
        stranger.lineage = [
            SegmentLineage(kind: .mergedInto, segment: 4, other: 2, generation: 3, atMilliseconds: 6)
        ]
        stranger.segments = [
            SegmentModel.Segment(id: 1, name: "calm", share: 0.5, outlierSquaredDistance: 1),
            SegmentModel.Segment(id: 2, name: "far", share: 0.2, outlierSquaredDistance: 1),
            SegmentModel.Segment(id: 3, name: "dear", share: 0.3, outlierSquaredDistance: 1),
        ]
        let d = live.featureCount
        let (dear, average) = (Array(live.centroids[0..<d]), Array(live.centroids[d...]))
        stranger.centroids = average + dear.map { $0 + 50 } + dear
        stranger.masses = [1, 1, 1]
        stranger.nextSegmentID = 4
        stranger.origin = 5
        let adopted = stranger.adoptingIdentities(of: live)
        #expect(adopted.segments.map(\.id) == [4, 5, 1])
        #expect(adopted.nextSegmentID == 6)
        let next = max(live.generation, stranger.generation) + 1
        #expect(adopted.succeeding(live).generation == next)
        #expect(adopted.lineage.first == live.lineage.first && adopted.lineage.count == 2)
        #expect(adopted.lineage.last?.kind == .born && adopted.lineage.last?.segment == 5)
        #expect(adopted.lineage.last?.generation == next)
        var smaller = stranger
        smaller.segments.removeFirst()
        smaller.masses.removeFirst()
        smaller.centroids.removeFirst(d)
        let without = smaller.adoptingIdentities(of: live).lineage.dropFirst()
        #expect(without.map(\.kind) == [.born, .retired] && without.map(\.segment) == [5, 4])
        #expect(adopted.segments.map(\.name) == ["calm", "far", "dear"])
        var kin = stranger
        var parent = live
        kin.origin = 7
        parent.origin = 7
        #expect(kin.adoptingIdentities(of: parent).segments.map(\.id) == [1, 2, 3])
        #expect(kin.adoptingIdentities(of: parent).nextSegmentID == 5)
        var named = live
        named.segments[1].isRenamed = true
        named.segments[1].name = "given"
        #expect(stranger.adoptingIdentities(of: named).segments[0].name == "given")
    }

    @Test func `a stranger that was compared gets the identities of those it shares members with`() throws {
        var shelf = shelf()
        var candidate = ModelPair.second
        candidate.origin = 5
        candidate.segments[0].id = 1
        candidate.segments[1].id = 2
        candidate.nextSegmentID = 3
        shelf.candidate = candidate
        var tally = ShadowTally()
        // The candidate's s2 is the live s1; its s1 is nobody's: too few of s4 are in it.
        for (live, other, count) in [(1, 2, 90), (4, 2, 40), (4, 1, 30), (1, 1, 80)] {
            tally.add(live: live, candidate: other, count: count)
        }
        func measured(_ model: SegmentModel) -> ShadowReport.Measured {
            ShadowReport.Measured(model: model, fit: ShadowFit(), changes: nil)
        }
        shelf.report = ShadowReport(
            basis: .vectors, live: measured(ModelPair.first), candidate: measured(candidate), tally: tally,
            events: 240)
        let promoted = try #require(try shelf.promoting().first { $0.key == .live }?.model)
        #expect(promoted.segments.map(\.id) == [5, 1])
        #expect(promoted.nextSegmentID == 6)
        // A report on another candidate says nothing of this one.
        shelf.report?.candidate.model.version += 1
        let unpaired = try #require(try shelf.promoting().first { $0.key == .live }?.model)
        #expect(unpaired.segments.map(\.id) != promoted.segments.map(\.id))
    }

    @Test func `keys are read as they are written`() {
        for key in [ModelShelf.Key.live, .candidate, .candidateReport, .previous(1), .previous(4)] {
            #expect(ModelShelf.Key(text: key.text) == key)
        }
        #expect(ModelShelf.Key(text: "previous-5") == nil)
        #expect(ModelShelf.Key(text: "models") == nil)
    }
}
