internal import Foundation
internal import Testing

@testable internal import ShoalSimulator

/// What the shop's customers do, against the numbers the behaviours were described with.
@Suite struct ShopperBehaviourTests {
    private static let kinds: [ShopperBehaviour: [Double]] = [
        .bargain: [0.40, 0.30, 0.18, 0.12], .loyal: [0.40, 0.08, 0.24, 0.28],
        .window: [0.78, 0.18, 0.03, 0.01], .store: [0.15, 0.03, 0.12, 0.70],
        .seasonal: [0.45, 0.20, 0.20, 0.15], .churning: [0.60, 0.15, 0.17, 0.08],
    ]
    private static let shares: [ShopperBehaviour: Double] = [
        .bargain: 0.22, .loyal: 0.13, .window: 0.28, .store: 0.15, .seasonal: 0.12, .churning: 0.10,
    ]
    private static let priceLogarithms: [ShopperBehaviour: Double] = [
        .bargain: 2.2, .loyal: 4.3, .window: 3.6, .store: 2.9, .seasonal: 3.3, .churning: 3.2,
    ]

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `behaviours have their shares, and a fifth of the customers switch in mid-story`(seed: UInt64) {
        let options = shopOptions(customers: 50_000, seed: seed, lines: 1_000)
        let simulator = ShopSimulator(options: options)
        let end = options.startMilliseconds + 30 * 86_400_000
        var counts: [ShopperBehaviour: Int] = [:]
        var switched = 0
        for customer in 0..<options.customers {
            let before = simulator.behaviour(ofCustomer: customer, at: options.startMilliseconds)
            counts[before, default: 0] += 1
            if before != simulator.behaviour(ofCustomer: customer, at: end) { switched += 1 }
        }
        for (behaviour, share) in Self.shares {
            let measured = Double(counts[behaviour] ?? 0) / 50_000
            let tolerance = SimulatedShop.tolerance(share, count: 50_000)
            #expect(abs(measured - share) < tolerance, "\(behaviour), seed \(seed)")
        }
        let share = Double(switched) / 50_000
        #expect(abs(share - 0.2) < SimulatedShop.tolerance(0.2, count: 50_000), "seed \(seed)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `each behaviour has its mix of events, channels, categories and prices`(seed: UInt64) throws {
        let shop = try SimulatedShop(shopOptions(seed: seed, lines: 30_000), lines: 30_000)
        for behaviour in ShopperBehaviour.allCases {
            let lines = shop.lines(of: behaviour)
            let name = "\(behaviour), seed \(seed)"
            #expect(lines.count > 300, "\(name)")
            func share(_ holds: (SimulatedShop.Line) -> Bool) -> Double {
                Double(lines.count(where: holds)) / Double(lines.count)
            }
            let expected = try #require(Self.kinds[behaviour])
            let types = [["product_view"], ["search"], ["add_to_cart"], ["purchase", "return"]]
            for (type, kindShare) in zip(types, expected) {
                let tolerance = SimulatedShop.tolerance(kindShare, count: lines.count)
                #expect(abs(share { type.contains($0.type) } - kindShare) < tolerance, "\(type), \(name)")
            }
            let inStore = share { $0.channel == "store" }
            #expect(behaviour == .store ? inStore > 0.9 : inStore < 0.2, "\(name)")
            let logarithms = lines.flatMap(\.prices).map { log($0) }
            let mean = logarithms.reduce(0, +) / Double(logarithms.count)
            let tolerance = 5 * 0.8 / Double(logarithms.count).squareRoot() + 0.002
            #expect(abs(mean - (Self.priceLogarithms[behaviour] ?? 0)) < tolerance, "\(name)")
        }
        let food = shop.lines(of: .store).flatMap(\.categories)
        let share = Double(food.count { $0 == "food" }) / Double(food.count)
        #expect(abs(share - 0.75) < SimulatedShop.tolerance(0.75, count: food.count), "seed \(seed)")
        #expect(shop.lines.contains { $0.type == "return" })
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `activity follows Zipf's law`(seed: UInt64) throws {
        var options = shopOptions(customers: 1_000, seed: seed, lines: 60_000)
        func topDecile() -> Double {
            var simulator = ShopSimulator(options: options)
            var counts = Array(repeating: 0, count: options.customers)
            var buffer: [UInt8] = []
            while let event = simulator.append(to: &buffer) {
                counts[event.customer] += 1
                buffer.removeAll(keepingCapacity: true)
            }
            return Double(counts.sorted(by: >).prefix(100).reduce(0, +)) / 60_000
        }
        // A tenth of the customers, by the law alone; behaviours differ in activity, hence the tolerance.
        let weights = (1...1_000).map { pow(Double($0), -0.8) }
        let expected = weights.prefix(100).reduce(0, +) / weights.reduce(0, +)
        #expect(abs(topDecile() - expected) < 0.08, "seed \(seed)")
        options.zipfExponent = 0
        #expect(topDecile() < 0.3, "seed \(seed)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `customers switch when the truth says so`(seed: UInt64) throws {
        let options = shopOptions(seed: seed, lines: 40_000)
        let shop = try SimulatedShop(options, lines: 40_000)
        var truth: [UInt8] = []
        shop.simulator.appendTruthHeader(to: &truth)
        for customer in 0..<options.customers {
            shop.simulator.appendTruth(ofCustomer: customer, to: &truth)
        }
        let rows = String(decoding: truth, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(rows[0] == ["customer_id", "behaviour", "switch_to", "switch_time"])
        #expect(rows.count == options.customers + 1)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        var becomesLoyal: [String: Date] = [:]
        for row in rows.dropFirst() where row[2] == "loyal" {
            let date = try #require(formatter.date(from: row[3]))
            becomesLoyal[row[0]] = date
        }
        #expect(becomesLoyal.count > 20)
        var before: [Double] = []
        var after: [Double] = []
        for line in shop.lines {
            let identifier = try #require(line.fields["customer_id"] as? String)
            guard let date = becomesLoyal[identifier] else { continue }
            let time = Double(line.event.timeMilliseconds) / 1_000
            let logarithms = line.prices.map { log($0) }
            if time < date.timeIntervalSince1970 { before += logarithms } else { after += logarithms }
        }
        #expect(before.count > 50 && after.count > 50)
        let meanBefore = before.reduce(0, +) / Double(before.count)
        let meanAfter = after.reduce(0, +) / Double(after.count)
        #expect(abs(meanAfter - 4.3) < 0.3, "seed \(seed)")
        #expect(meanBefore < 4, "seed \(seed)")
        let first = options.startMilliseconds + Int64(0.45 * 30 * 86_400_000)
        let last = options.startMilliseconds + Int64(0.55 * 30 * 86_400_000)
        for date in becomesLoyal.values {
            #expect((first...last).contains(Int64(date.timeIntervalSince1970 * 1_000)))
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `drift raises every price and turns window shoppers into bargain hunters`(seed: UInt64) throws {
        var options = shopOptions(seed: seed, lines: 30_000)
        options.switchShare = 0
        let calm = SimulatedShop.bytes(options, lines: 30_000)
        options.drift = ShopDrift(at: .afterEvents(15_000))
        let shop = try SimulatedShop(options, lines: 30_000)
        let upTo = shop.lines.prefix(15_000).flatMap { $0.bytes + [UInt8(ascii: "\n")] }
        #expect(upTo == Array(calm.prefix(upTo.count)), "before the drift nothing is changed, seed \(seed)")

        let loyal = shop.lines(of: .loyal)
        let drift = options.startMilliseconds + 15 * 86_400_000
        func meanLogarithm(_ lines: some Sequence<SimulatedShop.Line>) -> Double {
            let logarithms = lines.flatMap(\.prices).map { log($0) }
            return logarithms.reduce(0, +) / Double(logarithms.count)
        }
        let before = meanLogarithm(loyal.filter { $0.event.timeMilliseconds < drift })
        let after = meanLogarithm(loyal.filter { $0.event.timeMilliseconds >= drift })
        #expect(abs(after - before - log(1.5)) < 0.1, "seed \(seed)")

        let simulator = shop.simulator
        let customers = (0..<options.customers).filter {
            simulator.behaviour(ofCustomer: $0, at: drift - 1) == .window
        }
        let converted = customers.count { simulator.behaviour(ofCustomer: $0, at: drift) == .bargain }
        let share = Double(converted) / Double(customers.count)
        #expect(abs(share - 0.5) < SimulatedShop.tolerance(0.5, count: customers.count), "seed \(seed)")
        var truth: [UInt8] = []
        for customer in customers { simulator.appendTruth(ofCustomer: customer, to: &truth) }
        let rows = String(decoding: truth, as: UTF8.self).split(separator: "\n")
        #expect(rows.count { $0.hasSuffix(",bargain,2026-01-16T00:00:00.000Z") } == converted)
        #expect(rows.count { $0.hasSuffix(",window,,,,") } == customers.count - converted)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `churning customers fade, seasonal ones come at the week-end`(seed: UInt64) throws {
        var options = shopOptions(seed: seed, lines: 40_000, days: 28)
        options.switchShare = 0
        let shop = try SimulatedShop(options, lines: 40_000)
        let churning = shop.lines(of: .churning).map(\.event.timeMilliseconds)
        let quarter: Int64 = 7 * 86_400_000
        let first = churning.count { $0 < options.startMilliseconds + quarter }
        let last = churning.count { $0 >= options.startMilliseconds + 3 * quarter }
        #expect(first > 300 && last * 10 < first, "\(first) then \(last), seed \(seed)")

        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        func weekendShare(_ behaviour: ShopperBehaviour) -> Double {
            let lines = shop.lines(of: behaviour)
            let weekend = lines.count { line in
                let date = Date(timeIntervalSince1970: Double(line.event.timeMilliseconds) / 1_000)
                return [1, 7].contains(calendar.component(.weekday, from: date))
            }
            return Double(weekend) / Double(lines.count)
        }
        #expect(weekendShare(.seasonal) > 0.75, "seed \(seed)")
        #expect(weekendShare(.loyal) < 0.35, "seed \(seed)")
    }
}
