internal import ShoalEngine
internal import Testing
internal import shoal

@Suite struct DemoChangeTests {
    private static let change = #"""
        {"schema":"shoal.segment-change/1","change_id":"c42#1767000000000#7","customer_id":"c\",\"to\":{\"id\":\"s9",\#
        "first_seen":1767000000000,"revision":7,"from":{"id":"s3","name":"window shoppers"},"to":{"id":"s12",\#
        "name":"big spenders · in store"},"at":"2026-01-05T12:00:05.123Z","cause":"event","event":{"type":\#
        "purchase","topic":"pos","partition":3,"offset":881},"confidence":0.62,"distance":1.31,"outlier":false,\#
        "model":{"version":412,"generation":3},"reasons":[{"feature":"spend","value":5.1,"typical":5.4,\#
        "was_typical":1.2,"contribution":0.71}]}
        """#

    private func read(_ text: String) -> ChangeFields? {
        let bytes = Array(text.utf8)
        return ChangeFields(bytes.span)
    }

    @Test func `the segment entered is found, whatever the customer is called`() throws {
        let fields = try #require(read(Self.change))
        #expect(fields.segment == 12)
        #expect(!fields.isFirst)
        #expect(fields.isCausedByEvent)
    }

    @Test func `a first assignment by a model and an erasure are told apart`() throws {
        let first = Self.change.replacing(
            #""from":{"id":"s3","name":"window shoppers"}"#, with: #""from":null"#
        )
        .replacing(#""cause":"event""#, with: #""cause":"model""#)
        #expect(try #require(read(first)).isFirst)
        #expect(try #require(read(first)).isCausedByEvent == false)
        let last = Self.change.replacing(
            #""to":{"id":"s12","name":"big spenders · in store"}"#, with: #""to":null"#)
        #expect(try #require(read(last)).segment == nil)
    }

    @Test(arguments: ["", "{}", #","from":"#, #","from":,"to":"#, #"{"a":1,"from":null,"to""#])
    func `what is no change is none, or has no segment`(text: String) {
        #expect(read(text)?.segment == nil)
        #expect(DemoChange(record: Array(text.utf8)) == nil)
    }

    @Test func `a person is told who, from where to where, and why`() throws {
        let change = try #require(DemoChange(record: Array(Self.change.utf8)))
        #expect(change.customer == #"c","to":{"id":"s9"#)
        #expect(change.from == DemoChange.Place(id: "s3", name: "window shoppers"))
        #expect(change.to == DemoChange.Place(id: "s12", name: "big spenders · in store"))
        #expect(change.reasons == [DemoChange.Reason(feature: "spend", value: 5.1, wasTypical: 1.2)])
    }
}
