import ShoalCore
import Testing

/// Texts outlive what they were copied from.
@Suite struct TextArenaTests {
    private static func kept(_ text: [UInt8], in arena: inout TextArena) -> LentBytes {
        unsafe text.withUnsafeBytes { bytes in unsafe arena.copy(LentBytes(bytes)) }
    }

    @Test func `every text stays as it was while others come, of any length`() {
        var arena = TextArena()
        for round in 0..<3 {
            let lengths =
                [1, 0, 300, 65_535, 65_536, 65_537, 7, 200_000, 1] + Array(repeating: 1_000, count: 200)
            var copies: [LentBytes] = []
            for (index, length) in lengths.enumerated() {
                let text = [UInt8](repeating: UInt8(truncatingIfNeeded: index + round), count: length)
                copies.append(Self.kept(text, in: &arena))
            }
            for (index, copy) in copies.enumerated() {
                let text = [UInt8](repeating: UInt8(truncatingIfNeeded: index + round), count: lengths[index])
                #expect(copy.equals(text), "text \(index) of \(lengths[index]) bytes")
            }
            arena.removeAll()
        }
    }
}
