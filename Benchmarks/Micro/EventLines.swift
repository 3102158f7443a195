internal import ShoalCore
internal import ShoalSimulator

/// The next thousand records of the simulated shop, as a reader has them before it.
struct EventLines {
    private static let paddingBytes = 64

    private let customerCount: Int
    private var simulator: ShopSimulator
    private var bytes: [UInt8] = []
    private var ranges: [Range<Int>] = []
    /// Records written so far, whose first customers come in turn until every one has come.
    private var writtenCount = 0

    init(customers: Int) {
        customerCount = customers
        simulator = Workload.simulator(customers: customers)
    }

    /// Replaces the records by the next.
    mutating func refill() {
        bytes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        while ranges.count < Workload.eventCount, let event = simulator.append(to: &bytes) {
            if writtenCount < customerCount { rename(event) }
            writtenCount += 1
            ranges.append(event.bytes)
        }
        bytes.append(contentsOf: repeatElement(0, count: Self.paddingBytes))
    }

    /// Makes the event one of the customer whose turn it is.
    private mutating func rename(_ event: SimulatedEvent) {
        var rest = writtenCount
        for place in event.identifier.reversed() where place > event.identifier.lowerBound {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// Lends each record, with 64 readable bytes after it.
    func forEach(_ body: (UnsafeRawBufferPointer) -> Void) {
        // Safe: the ranges lie within the bytes, and nobody keeps what is lent.
        unsafe bytes.withUnsafeBytes { bytes in
            for range in ranges { unsafe body(UnsafeRawBufferPointer(rebasing: bytes[range])) }
        }
    }
}
