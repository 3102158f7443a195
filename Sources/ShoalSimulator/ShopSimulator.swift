/// An endless, reproducible stream of events from a shop whose customers' behaviour is known.
///
/// Each line has its place on a clock that ticks evenly in event time, so that a caller can send line n at
/// n / `eventsPerSecond`. A customer is drawn for the line by Zipf weight and thinned by how active their
/// behaviour is at that time; then the event is drawn from the behaviour's statistics. There are no nights:
/// the rate is what the caller asked for, and at week-ends the seasonal customers take a greater part of it.
///
/// Event times never decrease but for late and repeated events. A copy goes on as the original would.
package struct ShopSimulator: Sendable {
    /// An event waiting to be repeated.
    private struct Pending {
        var text: [UInt8] = []
        var event: SimulatedEvent?
    }

    /// The lines within which an event is repeated.
    private static let duplicateDelayMax = 8
    /// Draws after which the last customer drawn is taken: a shop of churned customers only must not hang.
    private static let drawsMax = 64

    package let options: ShopSimulatorOptions
    /// Lines written so far.
    package private(set) var lineCount = 0

    let shoppers: [Shopper]
    let driftTimeMilliseconds: Int64
    private let popularity: AliasTable
    private let tables = ShopperTables()
    private let templates = EventTemplates()
    private let normal = NormalQuantiles()
    private let lateThreshold: UInt32
    private let duplicateThreshold: UInt32
    private let fadeMilliseconds: Double
    private var generator: Xoshiro256
    private var pending: [Pending]  // By line number modulo its count.

    /// - Precondition: `options.faults` is empty.
    /// - Complexity: O(`options.customers`) time and memory, 24 bytes each.
    package init(options: ShopSimulatorOptions) {
        precondition(options.faults.isEmpty, "\(options.faults.joined(separator: " "))")
        self.options = options
        var generator = Xoshiro256(seed: options.seed)
        shoppers = Self.population(of: options, using: &generator)
        driftTimeMilliseconds = options.driftTimeMilliseconds
        popularity = AliasTable(weights: Self.weights(of: options, using: &generator))
        lateThreshold = ShopperTables.threshold(options.lateShare)
        duplicateThreshold = ShopperTables.threshold(options.duplicateShare)
        fadeMilliseconds = Double(options.horizonOrDefaultMilliseconds) / 5
        pending = Array(repeating: Pending(), count: Self.duplicateDelayMax)
        self.generator = generator
    }

    /// Appends the next event's JSON, without a line end; nil, and nothing appended, when the stream ends.
    ///
    /// - Complexity: O(1). Allocates only to let `buffer` grow.
    package mutating func append(to buffer: inout [UInt8]) -> SimulatedEvent? {
        if let eventsMax = options.eventsMax, lineCount >= eventsMax { return nil }
        let now = options.timeMilliseconds(ofLine: lineCount)
        guard now < ShopSimulatorOptions.timeMaxMilliseconds else { return nil }
        let slot = lineCount % Self.duplicateDelayMax
        defer { lineCount += 1 }
        if let original = pending[slot].event {
            let start = buffer.count
            buffer.append(contentsOf: pending[slot].text)
            pending[slot].event = nil
            return original.repeated(at: now, in: start..<buffer.count)
        }
        let event = appendNew(at: now, to: &buffer)
        if generator.bits32() < duplicateThreshold { plan(event, in: buffer) }
        return event
    }

    /// Keeps a copy of an event for one of the next lines; if all of them are taken, it is not repeated.
    private mutating func plan(_ event: SimulatedEvent, in buffer: [UInt8]) {
        let first = lineCount + 1 + generator.below(Self.duplicateDelayMax)
        for offset in 0..<Self.duplicateDelayMax {
            let slot = (first + offset) % Self.duplicateDelayMax
            guard pending[slot].event == nil else { continue }
            pending[slot].text.removeAll(keepingCapacity: true)
            pending[slot].text.append(contentsOf: buffer[event.bytes])
            pending[slot].event = event
            return
        }
    }

    private mutating func appendNew(at now: Int64, to buffer: inout [UInt8]) -> SimulatedEvent {
        var time = now
        if generator.bits32() < lateThreshold {
            time -= 1_000 + Int64(generator.below(Int(options.lateMillisecondsMax - 999)))
        }
        let customer = drawCustomer(at: time)
        let behaviour = behaviour(ofCustomer: customer, at: time)
        var kind = EventKind.allCases[tables.kinds.draw(behaviour, using: &generator)]
        if kind == .purchase, tables.returns.draw(behaviour, using: &generator) == 1 { kind = .refund }
        let channel = tables.channels.draw(behaviour, using: &generator)
        let start = buffer.count
        let identifier = templates.appendHead(
            kind, eventIdentifier: (generator.next(), generator.next()), customer: customer,
            timeMilliseconds: time, to: &buffer)
        if kind == .purchase, tables.baskets.draw(behaviour, using: &generator) == 1 {
            let count = 2 + generator.below(4)
            // The templates are lent for the duration of a call that changes the generator, hence the copy.
            let templates = templates
            templates.appendItems(count: count, to: &buffer) { buffer in
                appendProduct(of: behaviour, kind, at: time, to: &buffer)
            }
        } else {
            appendProduct(of: behaviour, kind, at: time, to: &buffer)
        }
        templates.appendEnding(channel: channel, customer: customer, to: &buffer)
        return SimulatedEvent(
            customer: customer, timeMilliseconds: time, arrivalMilliseconds: now,
            bytes: start..<buffer.count, identifier: identifier, isDuplicate: false)
    }

    private mutating func appendProduct(
        of behaviour: ShopperBehaviour, _ kind: EventKind, at time: Int64, to buffer: inout [UInt8]
    ) {
        let category = tables.categories.draw(behaviour, using: &generator)
        let product = generator.below(EventTemplates.productsPerCategory)
        let index = Int(behaviour.rawValue)
        let logarithm =
            tables.priceMeans[index] + tables.priceDeviations[index] * normal.draw(using: &generator)
        var cents = PortableMath.exponential(logarithm) * 100
        if let drift = options.drift, time >= driftTimeMilliseconds { cents *= drift.priceFactor }
        let isCounted = kind != .productView && kind != .search
        let quantity = isCounted ? 1 + tables.extraUnits.draw(behaviour, using: &generator) : 1
        templates.appendProduct(
            product, category: category, cents: Int(cents + 0.5), quantity: quantity, to: &buffer)
    }

    /// Draws by Zipf weight, and accepts as often as the customer's behaviour is active at `time`.
    private mutating func drawCustomer(at time: Int64) -> Int {
        // Day 0 of the epoch was a Thursday; 2 and 3 days later it was the week-end.
        let dayOfWeek = time / 86_400_000 % 7
        let isWeekend = dayOfWeek == 2 || dayOfWeek == 3
        var customer = 0
        for _ in 0..<Self.drawsMax {
            customer = popularity.draw(using: &generator)
            let behaviour = behaviour(ofCustomer: customer, at: time)
            let index = Int(behaviour.rawValue)
            var activity = isWeekend ? tables.weekendActivity[index] : tables.workdayActivity[index]
            if behaviour == .churning { activity *= fading(ofCustomer: customer, at: time) }
            if generator.unit() * ShopperBehaviour.activityMaximum < activity { break }
        }
        return customer
    }

    /// What is left of a churning customer's activity: it halves over and over, down to one per cent.
    private func fading(ofCustomer customer: Int, at time: Int64) -> Double {
        let shopper = shoppers[customer]
        let hasSwitched = time >= shopper.switchTimeMilliseconds
        let since = hasSwitched ? shopper.switchTimeMilliseconds : options.startMilliseconds
        return max(0.01, PortableMath.exponential(Double(since - time) / fadeMilliseconds))
    }
}

extension ShopSimulator {
    private static func population(
        of options: ShopSimulatorOptions, using generator: inout Xoshiro256
    ) -> [Shopper] {
        let all = ShopperBehaviour.allCases
        let horizon = Double(options.horizonOrDefaultMilliseconds)
        let conversionShare = options.drift?.conversionShare ?? 0
        return (0..<options.customers).map { _ in
            var position = generator.unit()
            var index = 0
            while index < all.count - 1, position >= all[index].statistics.share {
                position -= all[index].statistics.share
                index += 1
            }
            // Drawn for everybody, so that one setting does not change the rest of the population.
            let switches = generator.unit() < options.switchShare
            let after = all[(index + 1 + generator.below(all.count - 1)) % all.count]
            let switchTime =
                options.startMilliseconds + Int64(horizon * (0.45 + 0.1 * generator.unit()))
            let isConvertible = generator.unit() < conversionShare
            return Shopper(
                switchTimeMilliseconds: switches ? switchTime : .max, before: all[index],
                after: switches ? after : all[index], isConvertible: isConvertible)
        }
    }

    /// Zipf weights, the ranks shuffled over the customers.
    private static func weights(
        of options: ShopSimulatorOptions, using generator: inout Xoshiro256
    ) -> [Double] {
        var weights = (0..<options.customers).map { index in
            PortableMath.power(Double(index + 1), -options.zipfExponent)
        }
        for index in stride(from: weights.count - 1, to: 0, by: -1) {
            weights.swapAt(index, generator.below(index + 1))
        }
        return weights
    }
}

extension SimulatedEvent {
    fileprivate func repeated(at arrivalMilliseconds: Int64, in bytes: Range<Int>) -> SimulatedEvent {
        let shift = bytes.lowerBound - self.bytes.lowerBound
        return SimulatedEvent(
            customer: customer, timeMilliseconds: timeMilliseconds,
            arrivalMilliseconds: arrivalMilliseconds, bytes: bytes,
            identifier: (identifier.lowerBound + shift)..<(identifier.upperBound + shift),
            isDuplicate: true)
    }
}
