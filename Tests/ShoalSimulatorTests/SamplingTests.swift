internal import Foundation
internal import Testing

@testable internal import ShoalSimulator

@Suite struct SamplingTests {
    @Test func `the generators give their authors' sequences`() {
        var generator = Xoshiro256(state: (1, 2, 3, 4))
        #expect(
            (0..<4).map { _ in generator.next() } == [11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
        var counter: UInt64 = 1_234_567
        #expect(Xoshiro256.splitMix64(&counter) == 6_457_827_717_110_365_317)
        #expect(Xoshiro256.splitMix64(&counter) == 3_203_168_211_198_807_973)
    }

    @Test(arguments: [1, 42] as [UInt64])
    func `an alias table draws by weight`(seed: UInt64) {
        let weights = [1, 0.25, 6, 0.000_1, 2.75]
        let table = AliasTable(weights: weights)
        var generator = Xoshiro256(seed: seed)
        var counts = Array(repeating: 0, count: weights.count)
        for _ in 0..<100_000 { counts[table.draw(using: &generator)] += 1 }
        for (count, weight) in zip(counts, weights) {
            let share = weight / weights.reduce(0, +)
            let tolerance = SimulatedShop.tolerance(share, count: 100_000)
            #expect(abs(Double(count) / 100_000 - share) < tolerance, "weight \(weight), seed \(seed)")
        }
    }

    @Test func `an alias table of one weight draws it`() {
        var generator = Xoshiro256(seed: 1)
        #expect(AliasTable(weights: [0.3]).draw(using: &generator) == 0)
    }

    @Test func `portable functions agree with the C library's`() {
        for step in -2_000...2_000 {
            let x = Double(step) * 0.3
            let exponential = PortableMath.exponential(x)
            #expect(abs(exponential - exp(x)) <= 1e-13 * exp(x), "exp(\(x))")
            let y = exp(x)
            #expect(abs(PortableMath.logarithm(y) - log(y)) <= 1e-14 * max(1, abs(x)), "log(\(y))")
        }
        #expect(abs(PortableMath.power(10, -0.8) - pow(10, -0.8)) < 1e-15)
        #expect(PortableMath.exponential(-800) == 0)
        #expect(PortableMath.exponential(800) == .infinity)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `normal draws have the normal distribution's moments and quartiles`(seed: UInt64) {
        let normal = NormalQuantiles()
        var generator = Xoshiro256(seed: seed)
        let draws = (0..<100_000).map { _ in normal.draw(using: &generator) }
        let mean = draws.reduce(0, +) / 100_000
        let variance = draws.reduce(0) { $0 + $1 * $1 } / 100_000 - mean * mean
        #expect(abs(mean) < 0.016, "seed \(seed)")
        #expect(abs(variance - 1) < 0.03, "seed \(seed)")
        let share = Double(draws.count { $0 < -0.674_49 }) / 100_000
        #expect(abs(share - 0.25) < SimulatedShop.tolerance(0.25, count: 100_000), "seed \(seed)")
    }

    @Test(
        arguments: [
            (-1, "1969-12-31T23:59:59.999Z"), (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_001, "2024-02-29T23:59:59.001Z"),
            (1_767_225_600_000, "2026-01-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `times are written in RFC 3339`(milliseconds: Int64, text: String) {
        var bytes = Array(TextFields.timestampTemplate.utf8)
        var characters = bytes.mutableSpan
        TextFields.writeTimestamp(milliseconds: milliseconds, at: 0, into: &characters)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}
