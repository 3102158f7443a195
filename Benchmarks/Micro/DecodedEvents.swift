internal import ShoalCore

/// Decoded events side by side, as a replay's reader hands them to the thread that learns.
@safe struct DecodedEvents: ~Copyable {
    private(set) var count = 0
    private var texts = TextArena()
    // Owned by this value alone and freed in `deinit`; numbers are checked against `count`.
    private let events: UnsafeMutablePointer<Event>

    init(schema: EventSchema, itemsMax: Int) {
        unsafe events = .allocate(capacity: Workload.eventCount)
        for index in 0..<Workload.eventCount {
            unsafe (events + index).initialize(to: Event(schema: schema, itemsMax: itemsMax))
        }
    }

    deinit {
        unsafe events.deinitialize(count: Workload.eventCount)
        unsafe events.deallocate()
    }

    mutating func removeAll() {
        texts.removeAll()
        count = 0
    }

    /// Exchanges the decoder's event for an old one.
    mutating func take(from decoder: inout EventDecoder) {
        precondition(count < Workload.eventCount, "There is room for one stretch.")
        unsafe swap(&decoder.event, &events[count])
        unsafe events[count].keepTexts(in: &texts)
        count += 1
    }

    /// Lends an event to `body`.
    @inline(__always)
    func withEvent<Result>(_ number: Int, _ body: (borrowing Event) -> Result) -> Result {
        precondition(number >= 0 && number < count)
        return unsafe body(events[number])
    }
}
