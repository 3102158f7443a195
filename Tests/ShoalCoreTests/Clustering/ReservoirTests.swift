import ShoalCore
import Testing

@Suite struct ReservoirTests {
    private func reservoir(_ capacity: Int, halfLife: Int64 = 1_000, seed: UInt64 = 1) -> Reservoir {
        Reservoir(capacity: capacity, featureCount: 2, halfLife: halfLife, seed: seed)
    }

    @Test func `it keeps everything until it is full, and never more than its capacity`() {
        var reservoir = reservoir(5)
        reservoir.absorb([1, 10, 2, 20, 3, 30], representing: 1, at: 0)
        #expect(reservoir.vectors == [1, 10, 2, 20, 3, 30])
        for time in 1...100 {
            reservoir.absorb([Float(time), 0, Float(time), 1], representing: 1, at: Int64(time))
        }
        #expect(reservoir.count == 5)
        #expect(reservoir.vectors.count == 10)
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `without forgetting each vector has the same odds`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var early = 0
        for _ in 0..<400 {
            var reservoir = reservoir(10, halfLife: 0, seed: generator.next())
            for value in 0..<20 {
                reservoir.absorb(
                    [Float(value * 2), 0, Float(value * 2 + 1), 0], representing: 1,
                    at: Int64(value) * 1_000_000)
            }
            early += stride(from: 0, to: 20, by: 2).filter { reservoir.vectors[$0] < 20 }.count
        }
        // Half of 4,000 on average; the standard deviation of a draw of 10 from 40 is 1.4 each, 28 in all.
        #expect(abs(early - 2_000) < 140, "seed \(seed)")
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64], [false, true])
    func `a vector one half-life older has half the odds, in whatever order they come`(
        seed: UInt64, isLate: Bool
    ) {
        var generator = SeededGenerator(seed: seed)
        var old = 0
        for _ in 0..<300 {
            var reservoir = reservoir(20, seed: generator.next())
            let times: [Int64] = isLate ? [1_000, 0] : [0, 1_000]
            for time in times {
                reservoir.absorb((0..<2_000).map { _ in Float(time) }, representing: 1, at: time)
            }
            old += stride(from: 0, to: 40, by: 2).filter { reservoir.vectors[$0] == 0 }.count
        }
        // A third of 6,000 on average, with a standard deviation of 37.
        #expect(abs(old - 2_000) < 190, "seed \(seed)")
    }

    @Test func `a vector that stands for three is as likely as three`() {
        var heavy = 0
        for seed in 0..<300 as Range<UInt64> {
            var reservoir = reservoir(20, seed: seed)
            reservoir.absorb(Array(repeating: 1, count: 1_000), representing: 3, at: 0)
            reservoir.absorb(Array(repeating: 0, count: 3_000), representing: 1, at: 0)
            heavy += stride(from: 0, to: 40, by: 2).filter { reservoir.vectors[$0] == 1 }.count
        }
        #expect(abs(heavy - 3_000) < 200)
    }

    @Test func `the same seed keeps the same vectors`() {
        var left = reservoir(10, seed: 3)
        var right = reservoir(10, seed: 3)
        for time in 0..<200 {
            left.absorb([Float(time), 1, Float(-time), 2], representing: 1, at: Int64(time))
            right.absorb([Float(time), 1, Float(-time), 2], representing: 1, at: Int64(time))
        }
        #expect(left.vectors == right.vectors)
    }

    @Test func `values that are not finite never enter`() {
        var reservoir = reservoir(8)
        for time in 0..<100 as Range<Int64> {
            reservoir.absorb([.nan, 1, 2, .infinity, 3, 4], representing: 1, at: time)
        }
        #expect(reservoir.vectors == Array(repeating: [3, 4] as [Float], count: 8).flatMap { $0 })
    }

    @Test(arguments: [Int64.min, -1, 0, Int64.max])
    func `times at the ends of the calendar do no harm`(time: Int64) {
        var reservoir = reservoir(4)
        for moment in [0, time, 0, time] {
            reservoir.absorb([1, 2, 1, 2, 1, 2], representing: 2, at: moment)
        }
        #expect(reservoir.vectors == [1, 2, 1, 2, 1, 2, 1, 2])
    }
}
