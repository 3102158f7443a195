import Glibc
import ShoalCore
import Testing

/// Records that end where memory does.
@Suite struct RecordEdgeTests {
    private static let pageBytes = 4_096

    @Test func `a record may lie at the very end of what can be read`() {
        // The second page cannot be touched: whoever reads beyond the first stops the test.
        let mapped = unsafe mmap(
            nil, 2 * Self.pageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages = unsafe mapped, unsafe pages != MAP_FAILED else {
            Issue.record("no memory")
            return
        }
        defer { unsafe munmap(pages, 2 * Self.pageBytes) }
        #expect(unsafe mprotect(pages + Self.pageBytes, Self.pageBytes, PROT_NONE) == 0)
        let line = Array(#"{"customer_id":"ada","type":"buy","timestamp":1790000000000,"amount":12.5}"#.utf8)
        let schema = EventSchema()
        var decoder = EventDecoder(source: .canonical(), schema: schema, limits: EventLimits())
        for gap in 0...80 {
            let place = unsafe pages + (Self.pageBytes - line.count - gap)
            // What follows is no white space and would be JSON.
            unsafe memset(pages, Int32(UInt8(ascii: "7")), Self.pageBytes)
            unsafe memcpy(place, line, line.count)
            let outcome = unsafe decoder.decode(
                UnsafeRawBufferPointer(start: place, count: line.count), isPadded: false,
                recordTimestampMilliseconds: nil, latestMilliseconds: .max)
            guard case .event = outcome else {
                Issue.record("\(gap) bytes before the end: \(outcome)")
                continue
            }
            #expect(decoder.event.customer.text == "ada")
            #expect(decoder.event[.amount].number == 12.5)
        }
    }
}
