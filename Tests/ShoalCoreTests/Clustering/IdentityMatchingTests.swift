import Testing

@testable import ShoalCore

@Suite struct IdentityMatchingTests {
    private func matching(_ old: [Int], _ new: [Int], near: Set<[Int]> = []) -> IdentityMatching {
        IdentityMatching(
            oldMembers: old, oldCount: (old.max() ?? -1) + 1, newMembers: new,
            newCount: (new.max() ?? -1) + 1,
            squaredDistance: { near.contains([$0, $1]) ? 0 : 10 })
    }

    @Test func `the same clusters in another order keep their identities`() {
        let result = matching([0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 1])
        #expect(result.origins == [.kept(1), .kept(2), .kept(0)])
        #expect(result.fates == [.kept, .kept, .kept])
    }

    @Test func `the larger part of a split keeps the identity and the other comes from it`() {
        let result = matching([0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 2, 2, 1, 1])
        #expect(result.origins == [.kept(0), .kept(1), .splitFrom(0)])
        #expect(result.fates == [.kept, .kept])
    }

    @Test func `of two that become one the larger lives on`() {
        let result = matching([0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 0, 0, 1, 1])
        #expect(result.origins == [.kept(1), .kept(2)])
        #expect(result.fates == [.mergedInto(0), .kept, .kept])
    }

    @Test func `a segment whose members scatter is retired, and one that gathers from everywhere is born`() {
        let result = matching([0, 0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1, 2, 2, 2, 3])
        #expect(result.origins[0] == .kept(0))
        #expect(result.fates.filter { $0 == .kept }.count == 3)
        let scattered = matching([0, 0, 0, 1, 1, 2, 2, 3, 3], [1, 2, 3, 1, 1, 2, 2, 3, 3])
        #expect(scattered.fates[0] == .retired)
    }

    @Test func `a segment without members is known again by its place`() {
        let result = IdentityMatching(
            oldMembers: [1, 1], oldCount: 2, newMembers: [0, 0], newCount: 2,
            squaredDistance: { $0 == $1 ? 9 : 0 })
        #expect(result.origins == [.kept(1), .kept(0)])
    }

    @Test(arguments: 1...20)
    func `pairs cost no more than any other assignment`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let size = 5
        let costs = (0..<size * size).map { _ in generator.nextUnit() }
        func total(_ pairs: [Int]) -> Double {
            pairs.enumerated().reduce(0) { $0 + costs[$1.offset * size + $1.element] }
        }
        func permutations(_ rest: [Int]) -> [[Int]] {
            rest.isEmpty
                ? [[]]
                : rest.flatMap { first in permutations(rest.filter { $0 != first }).map { [first] + $0 } }
        }
        let best = permutations(Array(0..<size)).map(total).min() ?? 0
        let found = IdentityMatching.leastCostPairs(costs, size: size)
        #expect(Set(found).count == size)
        #expect(abs(total(found) - best) < 1e-12)
    }
}
