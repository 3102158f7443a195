/// How a drifting feature was spread over its values before, and how it is now.
package struct DriftDistribution: Equatable, Sendable, Codable {
    /// Upper edges of all bins but the last, ascending, in the feature's own units; `[bins − 1]`.
    package var edges: [Double]
    /// Shares of the bins, which sum up to 1: `[bins]`.
    package var reference: [Double]
    package var current: [Double]

    /// - Returns: `nil` where there is nothing to compare.
    init?(edges: [Double], reference: [Double], current: [Double]) {
        let (before, now) = (reference.reduce(0, +), current.reduce(0, +))
        guard before > 0, now > 0 else { return nil }
        self.edges = edges
        self.reference = reference.map { $0 / before }
        self.current = current.map { $0 / now }
    }
}
