import ShoalCore
import Testing

/// The catalogue of bad inputs, by the numbers of its rows.
///
/// Rows that are not here belong to other layers: 1 (null payloads) and 78–82 to the consumer, 6 to the
/// client library, 37–39 to the profile table, 48–49 and 67–70 to profiles and duplicates, 71–72 to routing,
/// 83–88 to the model, 89 to the configuration, 90 to the server. 75 (currencies) and 28 (`v`) name fields
/// that the canonical event leaves free.
@Suite struct BadInputCatalogueTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let number: Int
        let bytes: [UInt8]
        /// `nil`: the record is used.
        let reason: EventRejection.Reason?
        /// What the detail begins with.
        let detail: String
        /// What the detail ends with.
        var hint = ""
        /// The latest time accepted.
        var latest: Int64 = .max

        var testDescription: String { "row \(number): \(String(decoding: bytes.prefix(60), as: UTF8.self))" }
    }

    private static func row(
        _ number: Int, _ text: String, _ reason: EventRejection.Reason?, _ detail: String = "",
        hint: String = "", latest: Int64 = .max
    ) -> Row {
        Row(
            number: number, bytes: Array(text.utf8), reason: reason, detail: detail, hint: hint,
            latest: latest)
    }

    private static func row(
        _ number: Int, _ bytes: [UInt8], _ reason: EventRejection.Reason?, _ detail: String = ""
    ) -> Row {
        Row(number: number, bytes: bytes, reason: reason, detail: detail)
    }

    private static let time = #""timestamp":1767225600000"#

    /// A whole event with more members after it.
    private static func event(_ rest: String) -> String {
        #"{"type":"t","customer_id":"c",\#(time),\#(rest)}"#
    }

    /// A whole event whose customer id is this JSON value.
    private static func customer(_ id: String) -> String { #"{"type":"t","customer_id":\#(id),\#(time)}"# }

    /// A whole event at this time.
    private static func at(_ time: String) -> String {
        #"{"type":"t","customer_id":"c","timestamp":\#(time)}"#
    }

    private static let shapes: [Row] = [
        row(2, "", .notJSON, "empty"),
        row(3, " ", .notJSON, "empty"),
        row(3, "\n\r\n\t", .notJSON, "empty"),
        // The page on design sets 256 KiB instead of 64.
        row(4, event(#""x":""# + String(repeating: "x", count: 256 * 1024) + "\""), .tooLarge, "too_large"),
        row(5, String(repeating: "x", count: 900_000), .tooLarge, "too_large"),
        row(7, String(repeating: "[", count: 100_000), .tooDeep, "too_deep"),
        row(8, String(repeating: #"{"":["#, count: 50_000), .tooDeep, "too_deep"),
        row(
            9, String(repeating: "[", count: 500) + String(repeating: "]", count: 500), .tooDeep, "too_deep"),
        row(
            10, event(#""x":{"# + (0..<10_000).map { #""k\#($0)":1"# }.joined(separator: ",") + "}"),
            .tooLarge, "too_many_fields"),
        row(
            10, event((0..<62).map { #""k\#($0)":1"# }.joined(separator: ",")), .tooLarge, "too_many_fields"),
        row(10, event((0..<61).map { #""k\#($0)":1"# }.joined(separator: ",")), nil),
        row(11, #"{"customer_id":"C1","ty"#, .notJSON, "bad_json"),
        row(12, customer(#""a""#) + customer(#""b""#), .notJSON, "trailing_data"),
        row(12, customer(#""a""#) + "\n" + customer(#""b""#), .notJSON, "trailing_data"),
        row(13, #"{"customer_id":"a",}"#, .notJSON, "bad_json"),
        row(14, "{'customer_id':'a'}", .notJSON, "bad_json"),
        row(14, "/*c*/{}", .notJSON, "bad_json"),
        row(14, "{customer_id:1}", .notJSON, "bad_json"),
        row(15, [0xEF, 0xBB, 0xBF] + Array(event(#""x":1"#).utf8), nil),
        row(15, [0xEF, 0xBB, 0xBF], .notJSON, "empty"),
        row(22, "[]", .notObject), row(22, "123", .notObject), row(22, "\"x\"", .notObject),
        row(22, "null", .notObject), row(22, "true", .notObject), row(22, "[{}]", .notObject),
        row(24, #"{"customer_id":"a","customer_id":"b"}"#, .notJSON, "duplicate_key"),
        row(26, [0, 0, 0, 0, 1] + Array(event(#""x":1"#).utf8), .notJSON, "bad_json"),
        row(26, [0, 0, 0, 0, 1, 0xC0, 0x80], .notJSON, "bad_json"),
        row(27, "<?xml version=\"1.0\"?><a/>", .notJSON, "bad_json"),
        row(27, "<!DOCTYPE html><html>", .notJSON, "bad_json"),
        row(27, "536365,85123A,6,17850", .notJSON, "trailing_data"),
    ]

    private static let texts: [Row] = [
        row(16, [0xFF, 0xFE] + utf16("{}", isBigEndian: false), .badUTF8),
        row(16, utf16(event(#""x":1"#), isBigEndian: false), .badUTF8),
        row(16, utf16(event(#""x":1"#), isBigEndian: true), .badUTF8),
        row(17, Array(#"{"customer_id":"a"#.utf8) + [0xFF] + Array("\"}".utf8), .badUTF8),
        row(17, Array("{ broken ".utf8) + [0xFF], .badUTF8),
        row(18, Array(#"{"x":""#.utf8) + [0xC0, 0xAF] + Array("\"}".utf8), .badUTF8),
        row(18, Array(#"{"x":""#.utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8), .badUTF8),
        row(18, Array(#"{"x":""#.utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\"}".utf8), .badUTF8),
        row(19, customer(#""\uD800""#), .notJSON, "bad_unicode"),
        row(19, customer(#""\uDC00""#), .notJSON, "bad_unicode"),
        row(19, customer(#""\uD800\u0041""#), .notJSON, "bad_unicode"),
        row(19, customer(#""\uD800x""#), .notJSON, "bad_unicode"),
        row(19, event(#""x":["\\\uDFFF"]"#), .notJSON, "bad_unicode"),
        row(19, event(#""x\udbff":1"#), .notJSON, "bad_unicode"),
        row(19, customer(#""\uD83D\uDE00\\uD800""#), nil),
        row(20, customer("\"a\u{1}b\""), .notJSON, "bad_json"),
        row(20, customer("\"a\u{0}b\""), .notJSON, "bad_json"),
        row(20, customer("\"a\tb\""), .notJSON, "bad_json"),
        row(20, event("\"x\":\"\n\""), .notJSON, "bad_json"),
        row(21, customer(#""a\u0000b""#), .badCustomer, "bad_id"),
        row(21, customer(#""a\tb""#), .badCustomer, "bad_id"),
        row(21, customer(#""a\u007F""#), .badCustomer, "bad_id"),
    ]

    private static let ids: [Row] = [
        row(23, "{}", .missingCustomer, "missing:customer_id"),
        row(23, #"{"customer_id":"a"}"#, .missingType, "missing:type"),
        row(23, #"{"customer_id":"a","type":""}"#, .missingType, "missing:type"),
        row(23, #"{"customer_id":"a","type":null}"#, .missingType, "missing:type"),
        row(23, #"{"customer_id":"a","type":7}"#, .badField, "type:type"),
        row(25, #"{"Customer_id":"a","type":"t"}"#, .missingCustomer),
        row(25, #"{"customer_id ":"a","type":"t"}"#, .missingCustomer),
        row(25, #"{"сustomer_id":"a","type":"t"}"#, .missingCustomer),
        row(30, customer("17850"), nil),
        row(30, customer("18446744073709551616"), .badCustomer, "type:customer_id"),
        row(31, customer("17850.0"), .badCustomer, "type:customer_id"),
        row(31, customer("true"), .badCustomer, "type:customer_id"),
        row(31, customer("{}"), .badCustomer, "type:customer_id"),
        row(31, customer(#"["a"]"#), .badCustomer, "type:customer_id"),
        row(32, customer("null"), .missingCustomer),
        row(32, customer("\"\""), .missingCustomer),
        row(32, customer("\"   \""), .missingCustomer),
        row(33, customer("\"" + String(repeating: "a", count: 256) + "\""), nil),
        row(33, customer("\"" + String(repeating: "a", count: 257) + "\""), .badCustomer, "bad_id"),
        row(33, customer("\"" + String(repeating: "a", count: 200_000) + "\""), .badCustomer, "bad_id"),
        row(
            34, customer("\"a" + String(repeating: "\u{301}\u{316}", count: 50_000) + "\""), .badCustomer,
            "bad_id"),
        row(36, customer("\"\u{202E}\u{200D}../../etc/passwd'; DROP ${jndi:x}\""), nil),
        row(73, #"{"type":"PURCHASE","customer_id":"c",\#(time)}"#, nil),
        row(73, #"{"type":"wishlist","customer_id":"c",\#(time)}"#, nil),
    ]

    private static let times: [Row] = [
        row(29, at("\"1511658000\""), .badTimestamp, "type:timestamp"),
        // Absent times fall back to the record's own, and zero is before 2000.
        row(40, #"{"type":"t","customer_id":"c"}"#, .badTimestamp, "missing:timestamp"),
        row(40, at("0"), .timestampTooOld, "ts_too_old", hint: "unit?"),
        row(40, at("15"), .timestampTooOld, "ts_too_old"),
        row(41, at("-1"), .timestampTooOld), row(41, at("-9223372036854775808"), .timestampTooOld),
        row(42, at("9223372036854775807"), .badTimestamp, "ts_range"),
        row(42, at("9223372036854775808"), .badTimestamp, "ts_range"),
        row(42, at("1e400"), .badTimestamp, "ts_range"),
        row(42, at("7258118400000"), .badTimestamp, "ts_range"), row(42, at("7258118399999"), nil),
        row(43, at("1511658000"), .timestampTooOld, "ts_too_old", hint: "unit?"),
        row(43, at("1511658000000000"), .badTimestamp, "ts_range", hint: "unit?"),
        row(43, at("946684799999"), .timestampTooOld), row(43, at("946684800000"), nil),
        row(44, at("1.511658e12"), nil),
        row(44, at("1511658000000.5"), .badTimestamp, "type:timestamp"),
        row(44, at("true"), .badTimestamp, "type:timestamp"), row(44, at("{}"), .badTimestamp),
        // One bound instead of two: what is later than `max_future` allows is not clamped but refused.
        row(45, at("1767225600001"), .timestampInFuture, "ts_future", latest: 1_767_225_600_000),
        row(45, at("1767225600000"), nil, latest: 1_767_225_600_000),
        row(50, at("\"2023-02-30T00:00:00Z\""), .badTimestamp, "ts_format"),
        row(50, at("\"2023-02-20T24:00:00Z\""), .badTimestamp, "ts_format"),
        row(50, at("\"2023-02-20T23:59:60Z\""), .badTimestamp, "ts_format"),
        row(50, at("\"2023-02-20T23:59:59\""), .badTimestamp, "ts_format"),
        row(50, at("\"292278994-01-01T00:00:00Z\""), .badTimestamp, "ts_format"),
        row(50, at("\"2023-02-20T23:59:59+14:00\""), nil),
        row(50, at("\"1999-12-31T23:59:59.999Z\""), .timestampTooOld),
        row(50, at("\"2200-01-01T00:00:00Z\""), .badTimestamp, "ts_range"),
    ]

    private static let numbers: [Row] = [
        row(52, event(#""price":NaN"#), .notJSON, "bad_json"),
        row(52, event(#""price":Infinity"#), .notJSON, "bad_json"),
        row(52, event(#""x":-Infinity"#), .notJSON, "bad_json"),
        row(53, event(#""price":"NaN""#), .badNumber, "type:price"),
        row(54, event(#""price":1e400"#), .badNumber, "num_range: price"),
        row(54, event(#""x":1e400,"price":1"#), nil),
        row(54, event(#""category":-1e400"#), .badNumber, "num_range: category"),
        row(54, event(#""items":[{"price":1e400}]"#), .badNumber, "num_range: items[0].price"),
        row(54, event(#""items":[{"x":1e400}]"#), nil),
        row(55, event(#""price":1e-400"#), .badNumber, "num_range: price"),
        row(55, event(#""x":1e-400,"price":0.0"#), nil),
        row(55, event(#""price":0e-400"#), nil),
        // The bound is 1e12 and holds for products and sums as well.
        row(56, event(#""price":1e308,"quantity":1000000"#), .badNumber, "num_range: price"),
        row(56, event(#""price":1e12"#), nil), row(56, event(#""price":1000000000001"#), .badNumber),
        row(56, event(#""price":1e7,"quantity":1000000"#), .badNumber, "num_range: amount"),
        row(56, event(#""items":[{"price":1e7,"quantity":1000000}]"#), .badNumber, "num_range: items[0]"),
        row(56, event(#""items":[{"price":9e11},{"price":9e11}]"#), .badNumber, "num_range: amount"),
        row(57, event(#""price":-0.0"#), nil),
        // Negative amounts are corrections.
        row(58, event(#""price":-5"#), nil), row(58, event(#""amount":-11062.06"#), nil),
        row(59, event(#""price":0"#), nil),
        row(60, event(#""price":"12,50""#), .badNumber, "type:price"),
        row(60, event(#""price":"£12""#), .badNumber), row(60, event(#""amount":"1 000""#), .badNumber),
        row(62, event(#""price":1"# + String(repeating: "0", count: 100_000)), .badNumber, "num_len: price"),
        row(62, event(#""price":0."# + String(repeating: "1", count: 31)), .badNumber, "num_len: price"),
        row(62, event(#""x":[],"price":0."# + String(repeating: "1", count: 31)), .badNumber, "num_len"),
        row(62, event(#""price":0."# + String(repeating: "1", count: 30)), nil),
        row(62, event(#""x":1"# + String(repeating: "0", count: 100_000)), nil),
        row(63, event(#""category":2103807459595387724"#), nil),
        row(64, event(#""quantity":-80995,"price":2.08"#), nil),
        row(65, event(#""quantity":0"#), nil), row(65, event(#""quantity":2.0"#), nil),
        row(65, event(#""quantity":1.5"#), .badNumber, "type:quantity"),
        row(65, event(#""quantity":true"#), .badNumber, "type:quantity"),
        row(65, event(#""quantity":"6""#), .badNumber, "type:quantity"),
        row(66, event(#""quantity":9223372036854775807"#), .badNumber, "num_range: quantity"),
        row(66, event(#""quantity":9223372036854775808"#), .badNumber, "num_range: quantity"),
    ]

    private static let fields: [Row] = [
        row(74, event(#""items":[]"#), nil), row(74, event(#""items":null"#), nil),
        row(
            74, event(#""items":["# + [String](repeating: "{}", count: 1_000).joined(separator: ",") + "]"),
            nil),
        row(
            74, event(#""items":["# + [String](repeating: "{}", count: 1_001).joined(separator: ",") + "]"),
            .tooLarge, "too_many_items"),
        row(74, event(#""items":[[]]"#), .badField, "type:items[0]"),
        row(74, event(#""items":[{},null]"#), .badField, "type:items[1]"),
        row(74, event(#""items":{}"#), .badField, "type:items"),
        row(74, event(#""items":"x""#), .badField, "type:items"),
        row(74, event(#""items":[{"category":[]}]"#), .badField, "type:items[0].category"),
        row(74, event(#""items":[{"price":"2"}]"#), .badNumber, "type:items[0].price"),
        row(76, event(#""product_id":"85123a""#), nil),
        row(77, event(#""description":"=cmd()\r\né""#), nil),
        // Well-known fields have a type; which one is at fault is in the detail.
        row(77, event(#""category":{}"#), .badField, "type:category"),
        row(77, event(#""channel":true"#), .badField, "type:channel"),
        row(77, event(#""price":[]"#), .badField, "type:price"),
        row(77, event(#""event_id":1.5"#), .badField, "type:event_id"),
        row(77, event(#""sentiment":0.5,"coupon":null"#), nil),
    ]

    private static func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let high = UInt8(unit >> 8)
            let low = UInt8(unit & 0xFF)
            return isBigEndian ? [high, low] : [low, high]
        }
    }

    @Test(arguments: shapes + texts + ids + times + numbers + fields)
    func `each row ends as the catalogue says`(row: Row) {
        let harness = DecoderHarness()
        for isPadded in [false, true] {
            switch harness.decode(row.bytes, latest: row.latest, isPadded: isPadded) {
            case .event: #expect(row.reason == nil)
            case .ignored: Issue.record("ignored")
            case .rejected(let rejection):
                #expect(rejection.reason == row.reason, "\(rejection.detail)")
                #expect(rejection.detail.hasPrefix(row.detail), "\(rejection.detail)")
                #expect(rejection.detail.hasSuffix(row.hint), "\(rejection.detail)")
                #expect(rejection.detail.utf8.count < 200, "a dead letter's header stays short")
            }
        }
    }

    @Test func `the first reason in the order of checks is given`() {
        let harness = DecoderHarness()
        let faults: [(String, EventRejection.Reason)] = [
            (#""timestamp":-1"#, .timestampTooOld), (#""timestamp":"x""#, .badTimestamp),
            (#""price":"x""#, .badNumber), (#""category":[]"#, .badField),
            (#""customer_id":[]"#, .badCustomer),
        ]
        var parts = [#""type":"t""#]
        for (index, fault) in faults.enumerated() {
            let kept = parts.filter { !$0.hasPrefix(fault.0.prefix(8)) }
            parts = kept + [fault.0]
            let customer = index == faults.count - 1 ? [] : [#""customer_id":"c""#]
            let record = "{" + (parts + customer).joined(separator: ",") + "}"
            #expect(harness.decode(record).rejection?.reason == fault.1, "\(record)")
        }
        let untyped = "{" + parts.dropFirst().joined(separator: ",") + "}"
        #expect(harness.decode(untyped).rejection?.reason == .missingType)
    }

    @Test func `the same letters in two forms are two customers`() {
        let harness = DecoderHarness()
        for (one, other) in [
            ("caf\u{E9}", "cafe\u{301}"), ("\u{212B}", "\u{C5}"), ("\u{AC00}", "\u{1100}\u{1161}"),
        ] {
            let first = harness.decode(Self.customer("\"\(one)\"")).event?.customer
            let second = harness.decode(Self.customer("\"\(other)\"")).event?.customer
            #expect(first == Array(one.utf8) && second == Array(other.utf8) && first != second)
        }
    }
}
