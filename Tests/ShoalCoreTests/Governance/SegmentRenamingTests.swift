import ShoalCore
import Testing

@Suite struct SegmentRenamingTests {
    private func error(_ label: String, _ name: String) -> SegmentRenameError? {
        do {
            _ = try ModelPair.first.renaming(label, to: name)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a rename is the next version, kept by learning, and touches nothing else`() throws {
        let before = ModelPair.first
        let after = try before.renaming("s4", to: "  Stammkundschaft · Läden ")
        var expected = before
        expected.version = 11
        expected.segments[1].name = "Stammkundschaft · Läden"
        expected.segments[1].isRenamed = true
        #expect(after == expected)
        let names = SegmentNaming.names(for: after, features: ModelPair.features)
        #expect(names[1] == "Stammkundschaft · Läden")
    }

    @Test func `a name is neither empty, long, taken nor unprintable`() {
        #expect(error("s4", " \t ") == .empty)
        #expect(error("s4", "in store") == .taken("in store", by: "s1"))
        #expect(error("s1", "in store") == nil)
        #expect(error("s4", "two\nlines") == .controlCharacter)
        #expect(error("s4", String(repeating: "ä", count: 40)) == nil)
        #expect(error("s4", String(repeating: "ä", count: 40) + "x") == .tooLong(bytes: 81))
        #expect(error("s2", "x") == .noSuchSegment("s2", known: ["s1", "s4"]))
        #expect(error("4", "x")?.description.contains("s1, s4") == true)
    }
}
