import Testing

@testable import ShoalCore

@Suite struct ReservoirAgesTests {
    private static let day: Int64 = 86_400_000

    /// A hundred vectors a day for twenty days, of which group 1 has `share` percent on some days.
    private func groups(_ share: (_ day: Int) -> Int) -> (times: [Int64], members: [Int]) {
        var times: [Int64] = []
        var members: [Int] = []
        for day in 0..<20 {
            for place in 0..<100 {
                times.append(Int64(day) * Self.day + Int64(place))
                members.append(place < share(day) ? 1 : 0)
            }
        }
        return (times, members)
    }

    @Test func `a small group of the past is gone, by all that is held and not only what was drawn`() {
        let (times, members) = groups { $0 < 14 ? 3 : 0 }
        // One in ten was drawn, so that the group has four members among them, of whom one should be new.
        let drawn = stride(from: 0, to: times.count, by: 10).map { $0 }
        let ages = ReservoirAges(times: times, drawn: drawn.map { times[$0] })
        #expect(ages.gone(members: members, count: 2, shareMin: 0.02) == [false, true])
        #expect(ages.new(members: members, count: 2, shareMin: 0.02) == [false, false])
        let few = ReservoirAges(times: drawn.map { times[$0] }, drawn: drawn.map { times[$0] })
        #expect(
            few.gone(members: drawn.map { members[$0] }, count: 2, shareMin: 0.02) == [false, false])
    }

    @Test func `a group that has shrunk is there as long as it is large enough for a segment`() {
        let (times, members) = groups { $0 < 14 ? 40 : 4 }
        let ages = ReservoirAges(times: times, drawn: times)
        #expect(ages.gone(members: members, count: 2, shareMin: 0.02) == [false, false])
        #expect(ages.gone(members: members, count: 2, shareMin: 0.05) == [false, true])
    }

    @Test func `a group that has just appeared is new, one that was always there is neither`() {
        let (times, members) = groups { $0 < 14 ? 0 : 30 }
        let ages = ReservoirAges(times: times, drawn: times)
        #expect(ages.new(members: members, count: 2, shareMin: 0.02) == [false, true])
        let (sameTimes, same) = groups { _ in 30 }
        let always = ReservoirAges(times: sameTimes, drawn: sameTimes)
        #expect(always.new(members: same, count: 2, shareMin: 0.02) == [false, false])
        #expect(always.gone(members: same, count: 2, shareMin: 0.02) == [false, false])
    }

    @Test func `in less than a day nobody is gone`() {
        let times = (0..<2_000).map { Int64($0) * Self.day / 2_000 }
        let ages = ReservoirAges(times: times, drawn: times)
        let members = times.indices.map { $0 < 1_400 ? 1 : 0 }
        #expect(ages.gone(members: members, count: 2, shareMin: 0.02) == [false, false])
    }
}
