/// What the simulated shop is like: its size, its pace and its faults.
package struct ShopSimulatorOptions: Sendable {
    /// What fits the seven digits of an id.
    package static let customersMax = 10_000_000
    /// More than a machine can write, and few enough for a line's number to stay an integer.
    package static let eventsPerSecondMax = 1e9
    /// Midnight of 2026-01-01 UTC, a Thursday.
    package static let startDefaultMilliseconds: Int64 = 1_767_225_600_000

    /// `1 ... customersMax`.
    package var customers = 10_000
    /// The same options and seed give the same bytes.
    package var seed: UInt64 = 1
    /// Event time of the first line, epoch milliseconds.
    package var startMilliseconds = Self.startDefaultMilliseconds
    /// Lines per second of the stream, repeated ones included.
    package var eventsPerSecond = 1_000.0
    /// Seconds of event time that pass in one second of the stream: with 86,400 a day takes a second.
    package var speedUp = 1.0
    /// Lines after which the stream ends; endless if nil.
    package var eventsMax: Int?
    /// Event time over which the shop's story is told: switches happen around its middle (45 to 55 %), and
    /// churning customers fade with a time constant of a fifth of it.
    ///
    /// If nil, what `eventsMax` lines take, or 30 days of an endless stream.
    package var horizonMilliseconds: Int64?
    /// Activity of the customer of rank r is r^−`zipfExponent`; ranks are shuffled over the customers.
    package var zipfExponent = 0.8
    /// The share of customers who take up another behaviour.
    package var switchShare = 0.2
    /// The share of events that arrive after newer ones.
    package var lateShare = 0.01
    /// How late a late event is at most (and a second at least), in event time; it may lie before the start.
    package var lateMillisecondsMax: Int64 = 300_000
    /// The chance of an event to be repeated, byte for byte, 1 to 8 lines later.
    ///
    /// Within 8 lines, because a reader is only bound to remember the last 8 ids of a customer.
    package var duplicateShare = 0.005
    package var drift: ShopDrift?

    package init() {}

    /// What is wrong with the values, one sentence each; empty if they can be used.
    package var faults: [String] {
        var faults: [String] = []
        func check(_ holds: Bool, _ sentence: String) {
            if !holds { faults.append(sentence) }
        }
        let years = Self.timeMinMilliseconds...Self.timeMaxMilliseconds
        check(
            (1...Self.customersMax).contains(customers),
            "customers must be 1 to \(Self.customersMax), not \(customers).")
        check(years.contains(startMilliseconds), "start must lie in the years 2000 to 2199.")
        check(
            eventsPerSecond > 0 && eventsPerSecond <= Self.eventsPerSecondMax,
            "rate must be above 0 and at most 1e9, not \(eventsPerSecond).")
        check(speedUp.isFinite && speedUp > 0, "speed-up must be above 0, not \(speedUp).")
        check(eventsMax.map { $0 >= 0 } ?? true, "events must not be negative.")
        check(
            horizonMilliseconds.map { (1...Self.timeMaxMilliseconds).contains($0) } ?? true,
            "horizon must be above 0 and below two centuries.")
        check((0...4).contains(zipfExponent), "Zipf exponent must be 0 to 4, not \(zipfExponent).")
        check((0...1).contains(switchShare), "switch share must be 0 to 1, not \(switchShare).")
        check((0...1).contains(lateShare), "late share must be 0 to 1, not \(lateShare).")
        check(
            (1_000...86_400_000).contains(lateMillisecondsMax),
            "late events must be late by a second to a day, not \(lateMillisecondsMax) ms.")
        check((0...1).contains(duplicateShare), "duplicate share must be 0 to 1, not \(duplicateShare).")
        if let drift {
            check(
                drift.priceFactor > 0 && drift.priceFactor <= 1_000,
                "drift's price factor must be above 0 and at most 1000.")
            check((0...1).contains(drift.conversionShare), "drift's conversion share must be 0 to 1.")
            switch drift.moment {
            case .afterEvents(let count): check(count >= 0, "drift must not lie before the start.")
            case .afterMilliseconds(let time): check(time >= 0, "drift must not lie before the start.")
            }
        }
        return faults
    }
}

extension ShopSimulatorOptions {
    /// The years the engine accepts: a line before or after them would be refused.
    static let timeMinMilliseconds: Int64 = 946_684_800_000
    static let timeMaxMilliseconds: Int64 = 7_258_118_399_999

    /// Event time between two lines.
    package var gapMilliseconds: Double { 1_000 * speedUp / eventsPerSecond }

    /// Event time at which a line, counted from 0, is written; it ends at the last year the engine accepts.
    func timeMilliseconds(ofLine line: Int) -> Int64 {
        let time = Double(startMilliseconds) + Double(line) * gapMilliseconds
        return time < Double(Self.timeMaxMilliseconds) ? Int64(time) : Self.timeMaxMilliseconds
    }

    var horizonOrDefaultMilliseconds: Int64 {
        if let horizonMilliseconds { return horizonMilliseconds }
        guard let eventsMax else { return 30 * 86_400_000 }
        return max(1, timeMilliseconds(ofLine: eventsMax) - startMilliseconds)
    }

    /// The moment of drift in event time; the end of time if there is none.
    var driftTimeMilliseconds: Int64 {
        switch drift?.moment {
        case .afterEvents(let count): timeMilliseconds(ofLine: count)
        case .afterMilliseconds(let time): startMilliseconds + min(time, Self.timeMaxMilliseconds)
        case nil: .max
        }
    }
}
