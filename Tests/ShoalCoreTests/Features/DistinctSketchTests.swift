import Foundation
import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct DistinctSketchTests {
    private static func hash(_ text: String) -> UInt64 {
        unsafe Array(text.utf8).withUnsafeBufferPointer {
            unsafe StableHash.of(LentBytes(start: $0.baseAddress, count: $0.count))
        }
    }

    /// The ways in which shops number their products.
    private static let styles: [@Sendable (Int) -> UInt64] = [
        { hash("p\($0)") }, { hash("sku-00\($0)-red-xl") }, { StableHash.mix(UInt64($0)) },
        { hash("\($0 * 10)") },
    ]

    private static func sketch(_ values: [UInt64]) -> DistinctSketch {
        var sketch = DistinctSketch()
        for value in values { sketch.insert(value) }
        return sketch
    }

    /// The share of customers whose estimate is within 35 % of the truth.
    private static func shareNear(
        _ customers: Int, _ style: Int, _ generator: inout SeededGenerator,
        count: (inout SeededGenerator) -> Int
    ) -> Double {
        var near = 0
        for _ in 0..<customers {
            let count = count(&generator)
            var numbers: Set<Int> = []
            while numbers.count < count { numbers.insert(generator.nextIndex(below: 50_000)) }
            let estimate = sketch(numbers.map(styles[style])).estimate
            if abs(estimate - Double(count)) <= 0.35 * Double(count) { near += 1 }
        }
        return Double(near) / Double(customers)
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64], 0..<4)
    func `up to 300 values it is within 35 percent for 95 percent of customers`(seed: UInt64, style: Int) {
        var generator = SeededGenerator(seed: seed)
        let share = Self.shareNear(500, style, &generator) { 1 + $0.nextIndex(below: 300) }
        #expect(share >= 0.95, "seed \(seed) style \(style): \(share)")
    }

    @Test(arguments: [1, 2, 3, 5, 10, 30, 100, 200, 300])
    func `that holds for each number of values`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let share = Self.shareNear(600, 0, &generator) { _ in count }
        #expect(share >= 0.95, "\(count) values: \(share)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `neither order nor repetition matters`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<120).map { _ in generator.next() }
        let once = Self.sketch(values)
        let repeated = Self.sketch((values + values.reversed() + values).shuffled(using: &generator))
        #expect(once.low == repeated.low && once.high == repeated.high, "seed \(seed)")
        #expect(once.estimate == repeated.estimate)
        let fewer = Self.sketch(Array(values.prefix(20)))
        #expect(fewer.estimate < once.estimate)
    }

    @Test func `it is 0 before the first value, and finite when it is full`() {
        #expect(DistinctSketch().estimate == 0)
        let full = DistinctSketch(low: .max, high: .max).estimate
        #expect(abs(full - 128 * log(256)) < 1e-9)
        // Each further bit says more.
        var sketch = DistinctSketch()
        var before = 0.0
        for bit in 0..<128 {
            sketch.insert(UInt64(bit))
            #expect(sketch.estimate > before, "bit \(bit)")
            before = sketch.estimate
        }
        #expect(sketch.estimate == full)
    }

    @Test func `through events it counts products, baskets' included, and does not fade`() throws {
        let features = [
            FeatureDefinition(name: "variety", kind: .distinct(of: "product_id", .all), transform: .log1p)
        ]
        var harness = try ShardHarness(features: features)
        let day = 86_400_000
        for (step, product) in [7, 3, 7, 9, 3].enumerated() {
            let time = Int(RandomHistory.startMilliseconds) + step * day
            let outcome = harness.receive(
                #"{"type":"product_view","customer_id":"c","product_id":"p\#(product)","timestamp":\#(time)}"#
            )
            #expect(outcome == .accepted)
        }
        _ = harness.receive(
            """
            {"type":"purchase","customer_id":"c","timestamp":\(RandomHistory.startMilliseconds),\
            "items":[{"product_id":"p9"},{"product_id":"p11"},{"product_id":12}]}
            """)
        let later = RandomHistory.startMilliseconds + Int64(300 * day)
        _ = harness.receive(#"{"type":"search","customer_id":"other","timestamp":\#(later)}"#)
        let found = harness.shard.profile(of: Array("c".utf8))
        let profile = try #require(found)
        #expect(abs(profile.raw[0] - 5) < 0.2, "\(profile.raw[0])")
        #expect(abs(Double(profile.features[0]) - log1p(profile.raw[0])) < 1e-6)
    }
}
