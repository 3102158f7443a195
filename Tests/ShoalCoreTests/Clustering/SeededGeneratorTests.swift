import ShoalCore
import Testing

@Suite struct SeededGeneratorTests {
    @Test func `its numbers are those of the reference implementation`() {
        // The first outputs of Vigna's splitmix64.c from state 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        let first = (0..<3).map { _ in generator.next() }
        #expect(first == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `draws stay within their bounds and spread evenly`() {
        var generator = SeededGenerator(seed: 5)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<7_000 {
            let unit = generator.nextUnit()
            #expect(unit > 0 && unit < 1)
            counts[generator.nextIndex(below: 7)] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 1_000) < 150 })
    }
}
