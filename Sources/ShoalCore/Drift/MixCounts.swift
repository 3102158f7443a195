/// Counts by category and their sum.
struct MixCounts: Equatable, Sendable {
    var values: [Double]
    private(set) var total = 0.0

    init(_ categoryCount: Int) { values = Array(repeating: 0, count: categoryCount) }

    mutating func add(_ other: [Double], factor: Double = 1) {
        for index in values.indices {
            values[index] += factor * other[index]
            total += factor * other[index]
        }
    }

    mutating func multiply(_ factor: Double) {
        for index in values.indices { values[index] *= factor }
        total *= factor
    }
}
