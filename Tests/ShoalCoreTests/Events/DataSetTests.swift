import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// Real files, as they were published, each through nothing but a source's mapping.
@Suite(
    .enabled(
        if: CorpusFolder.exists(CorpusFolder.data.appending(path: "online_retail")),
        "needs the data sets in SHOAL_DATA or in ../shared/data"))
struct DataSetTests {
    private struct Tally {
        var lines = 0
        var reasons: [EventRejection.Reason: Int] = [:]
        var types: [String: Int] = [:]
        var customers: Set<[UInt8]> = []
        var amount = 0.0
        var last: DecoderHarness.Outcome?

        var accepted: Int { types.values.reduce(0, +) }
        var rejected: Int { reasons.values.reduce(0, +) }
    }

    /// Decompresses a file with the `xz` tool and decodes each of its lines.
    private func read(_ path: String, _ source: SourceMapping) throws -> Tally {
        let data = try CorpusFolder.unpacked(path)
        let harness = DecoderHarness(source)
        var tally = Tally()
        for line in data.split(separator: UInt8(ascii: "\n")) {
            if harness.needsHeader {
                try harness.adoptHeader(String(decoding: line, as: UTF8.self))
                continue
            }
            tally.lines += 1
            let outcome = harness.decode(Array(line))
            tally.last = outcome
            switch outcome {
            case .event(let event):
                tally.types[event.type ?? "", default: 0] += 1
                tally.customers.insert(event.customer)
                tally.amount += event.amount ?? 0
            case .rejected(let rejection): tally.reasons[rejection.reason, default: 0] += 1
            case .ignored: Issue.record("nothing is ignored here")
            }
        }
        return tally
    }

    static var onlineRetail: SourceMapping {
        var source = SourceMapping(
            name: "online_retail",
            format: .delimited(.init(separator: UInt8(ascii: ","), columns: nil)))
        source.timeFormat = .dateTime
        source.fields = [
            "customer_id": .init(paths: ["CustomerID"], stripSuffix: ".0"),
            "timestamp": .init(paths: ["InvoiceDate"]), "product_id": .init(paths: ["StockCode"]),
            "quantity": .init(paths: ["Quantity"]), "price": .init(paths: ["UnitPrice"]),
        ]
        source.typeRules = [
            .init(condition: .init(path: "InvoiceNo", test: .prefix("C")), becomes: "return")
        ]
        source.constants = ["type": .text("purchase")]
        return source
    }

    static var taobao: SourceMapping {
        var source = SourceMapping(
            name: "taobao",
            format: .delimited(
                .init(
                    separator: UInt8(ascii: ","),
                    columns: ["user", "item", "category", "behaviour", "seconds"])))
        source.timeFormat = .epochSeconds
        source.fields = [
            "customer_id": .init(paths: ["user"]), "timestamp": .init(paths: ["seconds"]),
            "type": .init(paths: ["behaviour"]), "product_id": .init(paths: ["item"]),
        ]
        source.types = ["pv": "product_view", "cart": "add_to_cart", "fav": "wishlist", "buy": "purchase"]
        source.unknownType = .reject
        return source
    }

    static var rees46: SourceMapping {
        var source = SourceMapping(
            name: "rees46", format: .delimited(.init(separator: UInt8(ascii: ","), columns: nil)))
        source.timeFormat = .dateTime
        source.fields = [
            "customer_id": .init(paths: ["user_id"]), "timestamp": .init(paths: ["event_time"]),
            "type": .init(paths: ["event_type"]), "category": .init(paths: ["category_id"]),
            "session_id": .init(paths: ["user_session"]),
        ]
        source.types = ["view": "product_view", "cart": "add_to_cart"]
        return source
    }

    @Test func `UCI Online Retail loses only lines without a customer`() throws {
        let tally = try read("online_retail/online_retail.csv.xz", Self.onlineRetail)
        #expect(tally.lines == 541_909)
        #expect(tally.accepted + tally.rejected == 541_909)
        #expect(tally.reasons == [.missingCustomer: 135_080])
        #expect(tally.customers.count == 4_372)
        #expect(tally.customers.contains(Array("17850".utf8)))
        #expect(tally.types == ["purchase": 397_924, "return": 8_905])
        #expect(abs(tally.amount - 8_300_065.814) < 0.01)
    }

    @Test func `Taobao's cut last line is a time in 1970`() throws {
        let tally = try read("taobao/time_slice.csv.xz", Self.taobao)
        #expect(tally.lines == 96_169)
        #expect(tally.reasons == [.timestampTooOld: 1])
        #expect(tally.last?.rejection?.reason == .timestampTooOld)
        #expect(tally.types.keys.sorted() == ["add_to_cart", "product_view", "purchase", "wishlist"])
    }

    @Test func `REES46's cut last line lacks a column`() throws {
        let tally = try read("rees46_head/2019-Oct-head.csv.xz", Self.rees46)
        #expect(tally.lines == 17_435)
        #expect(tally.reasons == [.badField: 1])
        #expect(tally.last?.rejection == EventRejection(.badField, "columns: expected 9, found 8"))
        #expect(tally.types.keys.sorted() == ["add_to_cart", "product_view", "purchase"])
    }
}
