@testable internal import ShoalEngine
internal import Testing

@Suite struct ReassignmentPaceTests {
    /// Turns of a millisecond until nobody is left: how many there were, and the lots.
    private func turns(for customerCount: Int) -> (milliseconds: Int64, lots: [(at: Int64, size: Int)]) {
        var pace = ReassignmentPace()
        var left = customerCount
        var lots: [(at: Int64, size: Int)] = []
        var now: Int64 = 7
        while left > 0 {
            let lot = pace.nextLot(now: now, customerCount: customerCount)
            if lot > 0 { lots.append((now, lot)) }
            left -= lot
            now += 1
        }
        return (now - 7, lots)
    }

    @Test(arguments: [(10_000, 400), (50_000, 2_000), (500_000, 10_000), (5_000_000, 10_000)])
    func `customers are spread over a second for each 25,000, but not over much more than ten`(
        customerCount: Int, milliseconds: Int64
    ) {
        let took = turns(for: customerCount).milliseconds
        #expect((milliseconds * 9 / 10...milliseconds * 11 / 10).contains(took))
    }

    @Test func `a lot is neither small nor long`() {
        let few = turns(for: 50_000).lots
        #expect(few.allSatisfy { $0.size == 250 })
        #expect(zip(few, few.dropFirst()).allSatisfy { $1.at - $0.at == 10 })
        #expect(turns(for: 5_000_000).lots.allSatisfy { (250...1_024).contains($0.size) })
    }

    @Test func `a lane that was busy for long makes up for little of it`() {
        var pace = ReassignmentPace()
        #expect(pace.nextLot(now: 0, customerCount: 50_000) == 250)
        #expect(pace.nextLot(now: 1_000, customerCount: 50_000) == 1_024)
        #expect(pace.nextLot(now: 1_001, customerCount: 50_000) == 0)
    }

    @Test func `the next structural change begins at once`() {
        var pace = ReassignmentPace()
        _ = pace.nextLot(now: 0, customerCount: 100)
        #expect(pace.nextLot(now: 1, customerCount: 100) == 0)
        pace.rest()
        #expect(pace.nextLot(now: 2, customerCount: 100) == 250)
    }
}
