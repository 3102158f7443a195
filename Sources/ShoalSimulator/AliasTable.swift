/// Draws an index with a given weight in constant time.
///
/// Walker's alias method with Vose's construction ("A linear algorithm for generating random numbers with a
/// given distribution", 1991). Probabilities are kept to 32 bits.
struct AliasTable: Sendable {
    private struct Slot {
        var threshold: UInt32
        var alias: UInt32
    }

    private var slots: [Slot]

    /// - Parameter weights: at least one, all positive and finite.
    /// - Complexity: O(`weights.count`).
    init(weights: [Double]) {
        precondition(!weights.isEmpty, "An alias table needs at least one weight.")
        let count = weights.count
        let scale = Double(count) / weights.reduce(0, +)
        var scaled = weights.map { $0 * scale }
        slots = (0..<count).map { Slot(threshold: .max, alias: UInt32($0)) }
        var small: [Int] = []
        var large: [Int] = []
        for index in 0..<count {
            if scaled[index] < 1 { small.append(index) } else { large.append(index) }
        }
        while let poor = small.popLast(), let rich = large.last {
            slots[poor] = Slot(threshold: UInt32(scaled[poor] * 0x1p32), alias: UInt32(rich))
            scaled[rich] -= 1 - scaled[poor]
            if scaled[rich] < 1 {
                large.removeLast()
                small.append(rich)
            }
        }
    }

    func draw(using generator: inout Xoshiro256) -> Int {
        let bits = generator.next()
        let index = Int(truncatingIfNeeded: ((bits >> 32) &* UInt64(slots.count)) >> 32)
        let slot = slots[index]
        return UInt32(truncatingIfNeeded: bits) < slot.threshold ? index : Int(slot.alias)
    }
}
