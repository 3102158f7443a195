/// How a customer of the simulated shop behaves: the groups a segmentation should find again.
package enum ShopperBehaviour: UInt8, CaseIterable, Sendable {
    /// Searches and compares a lot, buys cheap things.
    case bargain
    /// Buys often and dear, mostly in the app.
    case loyal
    /// Looks at much and buys next to nothing.
    case window
    /// Buys food over the counter; hardly ever seen online.
    case store
    /// Buys toys, nearly always at the week-end.
    case seasonal
    /// Starts as an ordinary visitor and fades away.
    case churning

    /// The word for the behaviour in the truth file.
    package var name: String {
        switch self {
        case .bargain: "bargain"
        case .loyal: "loyal"
        case .window: "window"
        case .store: "store"
        case .seasonal: "seasonal"
        case .churning: "churning"
        }
    }
}
