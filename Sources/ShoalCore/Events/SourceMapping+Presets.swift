extension SourceMapping {
    /// The names of the presets, as a configuration gives them.
    package static let presetNames = ["canonical", "segment", "ga4", "snowplow", "retailrocket"]

    /// The preset called `name`, if there is one.
    package static func preset(_ name: String, topics: [String] = []) -> SourceMapping? {
        switch name {
        case "canonical": canonical(topics: topics)
        case "segment": segment(topics: topics)
        case "ga4": googleAnalytics(topics: topics)
        case "snowplow": snowplow(topics: topics)
        case "retailrocket": retailRocket(topics: topics)
        default: nil
        }
    }

    /// The canonical event.
    package static func canonical(topics: [String] = []) -> SourceMapping {
        SourceMapping(name: "canonical", topics: topics)
    }

    /// Calls of the Segment spec: `track` with its ecommerce events, `page`, `screen` and `identify`.
    ///
    /// Segment, "Spec: V2 Ecommerce Events" and "Spec: Common Fields".
    package static func segment(topics: [String] = []) -> SourceMapping {
        var source = SourceMapping(name: "segment", topics: topics)
        source.fields = [
            "type": Field(paths: ["event", "type"]),
            "customer_id": Field(paths: ["userId", "anonymousId"]),
            "anonymous_id": Field(paths: ["anonymousId"]),
            "timestamp": Field(paths: ["timestamp", "originalTimestamp", "sentAt", "receivedAt"]),
            "event_id": Field(paths: ["messageId"]),
            "amount": Field(paths: ["properties.revenue", "properties.total", "properties.value"]),
            "price": Field(paths: ["properties.price"]),
            "quantity": Field(paths: ["properties.quantity"]),
            "product_id": Field(paths: ["properties.product_id", "properties.sku"]),
            "category": Field(paths: ["properties.category"]),
            "channel": Field(paths: ["properties.channel", "context.channel", "channel"]),
            "store_id": Field(paths: ["properties.store_id", "properties.affiliation"]),
            "session_id": Field(paths: ["properties.session_id", "context.sessionId"]),
            "currency": Field(paths: ["properties.currency"]),
            "coupon": Field(paths: ["properties.coupon"]),
            "sentiment": Field(paths: ["properties.sentiment"]),
            "items": Field(paths: ["properties.products"]),
        ]
        source.itemFields = ["product_id": Field(paths: ["product_id", "sku"])]
        source.types = [
            "page": "page_view", "screen": "page_view",
            "Page Viewed": "page_view",
            "Product List Viewed": "page_view",
            "Product Clicked": "product_view", "Product Viewed": "product_view",
            "Products Searched": "search",
            "Product Added": "add_to_cart", "Product Removed": "remove_from_cart",
            "Checkout Started": "checkout",
            "Order Completed": "purchase", "Order Refunded": "return",
            "Product Added to Wishlist": "wishlist",
            "Email Opened": "email_open", "Email Link Clicked": "email_click",
            "Product Reviewed": "review",
        ]
        source.ignoreWhere = [
            Condition(path: "type", test: .anyOf([.text("group"), .text("alias")]))
        ]
        return source
    }

    /// Rows of Google Analytics 4's export to BigQuery, as JSON; it writes 64-bit integers as text.
    package static func googleAnalytics(topics: [String] = []) -> SourceMapping {
        var source = SourceMapping(name: "ga4", topics: topics)
        source.timeFormat = .epochMicroseconds
        source.fields = [
            "type": Field(paths: ["event_name"]),
            "customer_id": Field(paths: ["user_id", "user_pseudo_id"]),
            "anonymous_id": Field(paths: ["user_pseudo_id"]),
            "timestamp": Field(paths: ["event_timestamp"]),
            "amount": Field(
                paths: ["ecommerce.purchase_revenue", "ecommerce.refund_value", "event_value_in_usd"]),
            "channel": Field(paths: ["platform"]),
            "store_id": Field(paths: ["stream_id"]),
            "items": Field(paths: ["items"]),
        ]
        source.itemFields = [
            "product_id": Field(paths: ["item_id", "item_name"]),
            "category": Field(paths: ["item_category"]),
        ]
        source.types = [
            "page_view": "page_view", "screen_view": "page_view", "view_item_list": "page_view",
            "view_item": "product_view", "select_item": "product_view",
            "search": "search", "view_search_results": "search",
            "add_to_cart": "add_to_cart", "remove_from_cart": "remove_from_cart",
            "begin_checkout": "checkout",
            "purchase": "purchase", "in_app_purchase": "purchase", "refund": "return",
            "add_to_wishlist": "wishlist",
        ]
        return source
    }

    /// Snowplow's enriched event as JSON, as its analytics SDKs write it.
    package static func snowplow(topics: [String] = []) -> SourceMapping {
        var source = SourceMapping(name: "snowplow", topics: topics)
        source.timeFormat = .dateTime
        source.fields = [
            "type": Field(paths: ["se_action", "event_name", "event"]),
            "customer_id": Field(paths: ["user_id", "domain_userid", "network_userid"]),
            "anonymous_id": Field(paths: ["domain_userid"]),
            "timestamp": Field(paths: ["derived_tstamp", "collector_tstamp"]),
            "event_id": Field(paths: ["event_id"]),
            "amount": Field(paths: ["tr_total"]),
            "price": Field(paths: ["ti_price"]),
            "quantity": Field(paths: ["ti_quantity"]),
            "product_id": Field(paths: ["ti_sku"]),
            "category": Field(paths: ["ti_category", "se_category"]),
            "channel": Field(paths: ["platform"]),
            "store_id": Field(paths: ["app_id"]),
            "session_id": Field(paths: ["domain_sessionid"]),
            "currency": Field(paths: ["tr_currency"]),
        ]
        source.types = [
            "page_view": "page_view", "screen_view": "page_view",
            "product_view": "product_view", "view_item": "product_view",
            "add_to_basket": "add_to_cart", "add-to-basket": "add_to_cart", "add_to_cart": "add_to_cart",
            "remove_from_basket": "remove_from_cart", "remove_from_cart": "remove_from_cart",
            "site_search": "search", "search": "search",
            "checkout_step": "checkout",
            "transaction": "purchase", "refund": "return",
        ]
        // A page is pinged every few seconds, and a transaction's lines repeat what its total says.
        source.ignoreWhere = [
            Condition(
                path: "event", test: .anyOf([.text("page_ping"), .text("pp"), .text("transaction_item")]))
        ]
        return source
    }

    /// The RetailRocket data set: `timestamp,visitorid,event,itemid,transactionid` with a header line.
    package static func retailRocket(topics: [String] = []) -> SourceMapping {
        let format = Delimited(separator: UInt8(ascii: ","), columns: nil)
        var source = SourceMapping(name: "retailrocket", topics: topics, format: .delimited(format))
        source.timeFormat = .epochMilliseconds
        source.fields = [
            "type": Field(paths: ["event"]),
            "customer_id": Field(paths: ["visitorid"]),
            "timestamp": Field(paths: ["timestamp"]),
            "product_id": Field(paths: ["itemid"]),
        ]
        source.types = ["view": "product_view", "addtocart": "add_to_cart", "transaction": "purchase"]
        return source
    }
}
