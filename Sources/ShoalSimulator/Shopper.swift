/// One customer's life: what they are, and what they become.
struct Shopper: Sendable {
    /// `Int64.max` for those who never switch.
    var switchTimeMilliseconds: Int64
    var before: ShopperBehaviour
    var after: ShopperBehaviour
    /// Whether the drift, if there is one, turns this customer's window shopping into bargain hunting.
    var isConvertible: Bool
}
