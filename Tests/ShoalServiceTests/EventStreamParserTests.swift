@testable internal import ShoalService
internal import Testing

@Suite struct EventStreamParserTests {
    private static let text = """
        retry: 2000

        :

        id: a-1
        event: change
        data: {"x":"ü"}

        event: gap\r
        data: {"missed":3}\r
        \r
        data: one
        data:two
        other

        id: a-2

        event: change
        data: cut off
        """
    private static let events = [
        EventStreamParser.Event(name: "change", data: #"{"x":"ü"}"#, id: "a-1"),
        EventStreamParser.Event(name: "gap", data: #"{"missed":3}"#, id: "a-1"),
        EventStreamParser.Event(name: "message", data: "one\ntwo", id: "a-1"),
    ]

    @Test(arguments: [1, 2, 3, 7, 64, 10_000])
    func `events are the same however the bytes are cut`(size: Int) {
        let bytes = Array(Self.text.utf8)
        var parser = EventStreamParser()
        var found: [EventStreamParser.Event] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += parser.absorb(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(found == Self.events)
    }
}
