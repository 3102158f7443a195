/// One accepted record of one customer, every field as it was written.
package struct ReferenceEvent: Sendable {
    /// One line of a basket.
    package struct Item: Sendable {
        /// `category` and `product_id`, where present.
        package var fields: [String: ReferenceValue]
        package var quantity: Double?
        package var price: Double?

        package init(fields: [String: ReferenceValue], quantity: Double? = nil, price: Double? = nil) {
            self.fields = fields
            self.quantity = quantity
            self.price = price
        }

        /// Quantity times price; a quantity defaults to 1, a price to 0.
        package var amount: Double { (quantity ?? 1) * (price ?? 0) }
    }

    package var type: String
    package var timeMilliseconds: Int64
    package var identifier: String?
    /// Everything else by its path (`channel`, `price`, `properties.nps`); null is absent.
    package var fields: [String: ReferenceValue]
    package var items: [Item]

    package init(
        _ type: String, at timeMilliseconds: Int64, identifier: String? = nil,
        fields: [String: ReferenceValue] = [:], items: [Item] = []
    ) {
        self.type = type
        self.timeMilliseconds = timeMilliseconds
        self.identifier = identifier
        self.fields = fields
        self.items = items
    }

    /// A field as a filter sees it.
    func value(_ path: String) -> ReferenceValue? {
        path == "type" ? .text(Array(type.utf8)) : fields[path]
    }

    /// The money of the event: as given, else of its basket, else price times quantity; nil without a price.
    package var amount: Double? {
        if let amount = fields["amount"]?.asNumber { return amount }
        if !items.isEmpty { return items.reduce(0) { $0 + $1.amount } }
        guard let price = fields["price"]?.asNumber else { return nil }
        return price * (fields["quantity"]?.asNumber ?? 1)
    }
}
