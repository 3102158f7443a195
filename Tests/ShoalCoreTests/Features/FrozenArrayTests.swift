import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct FrozenArrayTests {
    @Test(arguments: [0, 1, 2, 7, 64, 1_000])
    func `it reads as the array that it was made of`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let elements = (0..<count).map { _ in generator.next() }
        let frozen = FrozenArray(elements)
        #expect(frozen.count == count)
        #expect(frozen.indices == 0..<count)
        #expect(frozen.indices.map { frozen[$0] } == elements)
        #expect(frozen.map { $0 &+ 1 } == elements.map { $0 &+ 1 })
    }

    @Test func `a copy outlives the one it was copied from`() {
        func copy() -> [FrozenArray<UInt64>] {
            let original = FrozenArray<UInt64>((0..<500).map { UInt64($0) * 3 })
            return [original, original]
        }
        var copies = copy()
        copies.removeFirst()
        // What was freed too early would be handed out again here.
        let others = (0..<50).map { FrozenArray(Array(repeating: UInt64($0), count: 500)) }
        #expect(copies[0].map { $0 } == (0..<500).map { UInt64($0) * 3 })
        #expect(others.count == 50)
    }

    @Test func `texts are told apart by number, empty ones too`() {
        let texts = ["", "one", "", "zwölf", "three", ""].map { Array($0.utf8) }
        let frozen = FrozenTexts(texts)
        #expect(frozen.count == texts.count)
        let read = texts.indices.map { unsafe Array(frozen[$0].bytes.buffer) }
        #expect(read == texts)
        #expect(FrozenTexts().count == 0)
    }

    @Test func `an index beyond the end is refused`() async {
        await #expect(processExitsWith: .failure) {
            let frozen = FrozenArray<Int>([1, 2, 3])
            _ = frozen[3]
        }
        await #expect(processExitsWith: .failure) {
            let frozen = FrozenArray<UInt8>([1, 2, 3])
            _ = frozen.bytes(2..<4)
        }
    }
}
