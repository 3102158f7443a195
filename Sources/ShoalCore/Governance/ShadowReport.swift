/// What a candidate would do differently from the model in force: who would move, from where to where.
package struct ShadowReport: Equatable, Sendable, Codable {
    /// What was put into segments by both models.
    package enum Basis: String, Sendable, Codable {
        /// Every customer, where they were at the end.
        case customers
        /// A sample of the vectors of customers who acted; the active are in it more often.
        case vectors
    }

    /// One of the two models.
    package struct Side: Equatable, Sendable, Codable {
        package var model: ModelDifference.Stamp
        /// Changes of segment while both were measured, and per event; `nil` where only samples are known.
        package var changes: Int?
        package var changesPerEvent: Double?
        /// Mean d² of vectors to their segments, in the model's own scales.
        package var meanSquaredDistance: Double
        /// The same as a share of what it would be without segments; plans and scales apart, this compares.
        package var unexplainedShare: Double
    }

    /// Where the members of one live segment are in the candidate.
    package struct Row: Equatable, Sendable, Codable {
        /// `nil` is no segment, here and in `Cell`.
        package var id: String?
        package var name: String?
        /// The candidate's segment that it became; `nil` if none did.
        package var counterpart: String?
        package var count: Int
        /// In the order of the candidate's segments, empty ones left out.
        package var cells: [Cell]
    }

    package struct Cell: Equatable, Sendable, Codable {
        package var id: String?
        package var name: String?
        package var count: Int
        /// They would find themselves in another segment than before.
        package var isMove: Bool
    }

    package var basis: Basis
    package var live: Side
    package var candidate: Side
    /// Events while both were measured.
    package var events: Int
    package var total: Int
    /// Of them, those with a segment in both models.
    package var compared: Int
    package var agreeing: Int
    package var movers: Int
    /// agreeing / compared; 1 if there is nothing to compare.
    package var agreement: Double
    /// In the order of the live segments; those without a segment come last.
    package var matrix: [Row]
}
