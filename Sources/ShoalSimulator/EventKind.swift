/// The events shoppers make, in the order of `ShopperStatistics.kinds`; a return takes a purchase's place.
enum EventKind: Int, CaseIterable {
    case productView, search, addToCart, purchase, refund

    var word: String {
        switch self {
        case .productView: "product_view"
        case .search: "search"
        case .addToCart: "add_to_cart"
        case .purchase: "purchase"
        case .refund: "return"
        }
    }
}
