import ShoalCore
import Testing

@Suite struct SourcePresetTests {
    private func decode(_ preset: String, _ record: String) throws -> DecoderHarness.Outcome {
        DecoderHarness(try #require(SourceMapping.preset(preset))).decode(record)
    }

    @Test func `each name has a preset and no other name has`() {
        for name in SourceMapping.presetNames { #expect(SourceMapping.preset(name)?.name == name) }
        #expect(SourceMapping.preset("other") == nil)
    }

    @Test func `a completed order of Segment is a purchase with its basket`() throws {
        let record = #"""
            {"anonymousId":"23adfd82","userId":"u1","messageId":"m1","type":"track","event":"Order Completed",
            "timestamp":"2026-01-05T12:00:05.123Z","context":{"library":{"name":"analytics.js"}},"properties":
            {"order_id":"50314b8e","revenue":25.5,"total":27.5,"currency":"USD","coupon":"hasbros","products":
            [{"product_id":"507f","sku":"45790-32","name":"Monopoly","price":19,"quantity":1,"category":"Games"},
            {"sku":"46493-32","price":3.25,"quantity":2}]}}
            """#
        let event = try #require(try decode("segment", record).event)
        #expect(event.type == "purchase")
        #expect(event.customer == Array("u1".utf8))
        #expect(event.fingerprint == DecoderHarness.fingerprint("m1"))
        #expect(event.amount == 25.5)
        #expect(event.fields["coupon"] == .text("hasbros"))
        #expect(event.items.map(\.productID) == [.text("507f"), .text("46493-32")])
        #expect(event.items.map(\.price) == [19, 3.25])
    }

    @Test func `pages, identities and groups of Segment`() throws {
        let page = #"{"type":"page","anonymousId":"a1","timestamp":"2026-01-05T12:00:05Z","name":"Home"}"#
        #expect(try decode("segment", page).event?.type == "page_view")
        #expect(try decode("segment", page).event?.customer == Array("a1".utf8))
        let identity =
            #"{"type":"identify","userId":"u1","anonymousId":"a1","timestamp":"2026-01-05T12:00:05Z"}"#
        let event = try decode("segment", identity).event
        #expect(event?.purpose == .identify && event?.anonymousID == "a1")
        #expect(try decode("segment", #"{"type":"group","userId":"u1"}"#) == .ignored)
        let own = #"{"type":"track","event":"Quiz Won","userId":"u","timestamp":"2026-01-05T12:00:05Z"}"#
        #expect(try decode("segment", own).event?.type == "Quiz Won")
    }

    @Test func `a row of Google Analytics writes integers as text`() throws {
        let record = #"""
            {"event_name":"purchase","event_timestamp":"1767225600123456","user_pseudo_id":"123.456",
            "user_id":null,"platform":"WEB","ecommerce":{"purchase_revenue":30.0,"transaction_id":"T1"},
            "items":[{"item_id":"s1","item_category":"shoes","price":15.0,"quantity":2}]}
            """#
        let event = try #require(try decode("ga4", record).event)
        #expect(event.type == "purchase" && event.milliseconds == 1_767_225_600_123)
        #expect(event.customer == Array("123.456".utf8) && event.amount == 30)
        #expect(
            event.items == [.init(productID: .text("s1"), category: .text("shoes"), quantity: 2, price: 15)])
    }

    @Test func `Snowplow's events of all shapes`() throws {
        let head = #""domain_userid":"bc2e","event_id":"c6ef","collector_tstamp":"2026-01-01T00:00:00.123Z""#
        let page = try decode("snowplow", #"{"event":"page_view","event_name":"page_view",\#(head)}"#).event
        #expect(page?.type == "page_view" && page?.milliseconds == 1_767_225_600_123)
        let cart = try decode(
            "snowplow", #"{"event":"struct","event_name":"event","se_action":"add-to-basket",\#(head)}"#
        ).event
        #expect(cart?.type == "add_to_cart")
        let order = try decode(
            "snowplow", #"{"event":"transaction","event_name":"transaction","tr_total":12.5,\#(head)}"#
        ).event
        #expect(order?.type == "purchase" && order?.amount == 12.5)
        #expect(try decode("snowplow", #"{"event":"page_ping",\#(head)}"#) == .ignored)
    }

    @Test func `RetailRocket's lines`() throws {
        let harness = DecoderHarness(try #require(SourceMapping.preset("retailrocket")))
        try harness.adoptHeader("timestamp,visitorid,event,itemid,transactionid")
        let event = harness.decode("1433221332117,257597,view,355908,").event
        #expect(event?.type == "product_view" && event?.customer == Array("257597".utf8))
        #expect(event?.fields["product_id"] == .text("355908"))
        #expect(harness.decode("1433221332117,257597,transaction,355908,4000").event?.type == "purchase")
    }
}
