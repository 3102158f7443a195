/// The numbers behind a behaviour.
struct ShopperStatistics: Sendable {
    /// The share of customers who start with the behaviour.
    let share: Double
    /// Shares of views, searches, carts and purchases, in the order of `EventKind`; they add up to 1.
    let kinds: [Double]
    /// Shares of the categories shoes, toys, food and home.
    let categories: [Double]
    /// Shares of the channels web, app and store.
    let channels: [Double]
    /// Mean and standard deviation of the natural logarithm of a price.
    let logarithmOfPrice: (mean: Double, deviation: Double)
    /// Carts and purchases hold 1 + Poisson(`extraUnits`) pieces.
    let extraUnits: Double
    /// Events per unit of the customer's Zipf weight on a working day and at the week-end.
    let activity: (workday: Double, weekend: Double)
    /// The share of purchases that bring something back instead.
    let returns: Double
    /// The share of purchases that are baskets of 2 to 5 items.
    let baskets: Double
}

extension ShopperBehaviour {
    /// The greatest activity in `statistics`, by which the draw of a customer is thinned.
    static let activityMaximum = 3.0

    var statistics: ShopperStatistics {
        switch self {
        case .bargain:
            ShopperStatistics(
                share: 0.22, kinds: [0.40, 0.30, 0.18, 0.12], categories: [0.30, 0.20, 0.30, 0.20],
                channels: [0.55, 0.43, 0.02], logarithmOfPrice: (2.2, 0.5), extraUnits: 0.3,
                activity: (1.0, 1.0), returns: 0.06, baskets: 0.15)
        case .loyal:
            ShopperStatistics(
                share: 0.13, kinds: [0.40, 0.08, 0.24, 0.28], categories: [0.45, 0.05, 0.20, 0.30],
                channels: [0.30, 0.55, 0.15], logarithmOfPrice: (4.3, 0.5), extraUnits: 0.8,
                activity: (1.5, 1.5), returns: 0.03, baskets: 0.25)
        case .window:
            ShopperStatistics(
                share: 0.28, kinds: [0.78, 0.18, 0.03, 0.01], categories: [0.40, 0.30, 0.05, 0.25],
                channels: [0.60, 0.40, 0.00], logarithmOfPrice: (3.6, 0.8), extraUnits: 0.1,
                activity: (1.0, 1.0), returns: 0.05, baskets: 0.05)
        case .store:
            ShopperStatistics(
                share: 0.15, kinds: [0.15, 0.03, 0.12, 0.70], categories: [0.05, 0.05, 0.75, 0.15],
                channels: [0.02, 0.03, 0.95], logarithmOfPrice: (2.9, 0.6), extraUnits: 1.5,
                activity: (0.7, 0.7), returns: 0.02, baskets: 0.50)
        case .seasonal:
            // Six sevenths of the events fall on the week-end, and a week has as many as anybody's.
            ShopperStatistics(
                share: 0.12, kinds: [0.45, 0.20, 0.20, 0.15], categories: [0.10, 0.70, 0.10, 0.10],
                channels: [0.60, 0.35, 0.05], logarithmOfPrice: (3.3, 0.5), extraUnits: 0.8,
                activity: (0.2, 3.0), returns: 0.08, baskets: 0.20)
        case .churning:
            ShopperStatistics(
                share: 0.10, kinds: [0.60, 0.15, 0.17, 0.08], categories: [0.25, 0.25, 0.25, 0.25],
                channels: [0.70, 0.25, 0.05], logarithmOfPrice: (3.2, 0.7), extraUnits: 0.2,
                activity: (1.0, 1.0), returns: 0.10, baskets: 0.10)
        }
    }
}
