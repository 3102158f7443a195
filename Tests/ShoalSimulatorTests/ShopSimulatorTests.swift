internal import Foundation
internal import Testing

@testable internal import ShoalSimulator

@Suite struct ShopSimulatorTests {
    @Test(arguments: [0, 1, .max] as [UInt64])
    func `the same seed gives the same bytes, another seed others`(seed: UInt64) {
        var options = shopOptions(seed: seed, lines: 3_000)
        let first = SimulatedShop.bytes(options, lines: 3_000)
        #expect(first == SimulatedShop.bytes(options, lines: 3_000))
        options.seed ^= 2
        #expect(first != SimulatedShop.bytes(options, lines: 3_000))
    }

    @Test func `the stream keeps its bytes on every machine and from version to version`() throws {
        var options = shopOptions(seed: 7, lines: 5_000)
        options.drift = ShopDrift(at: .afterEvents(2_500))
        let bytes = SimulatedShop.bytes(options, lines: 5_000)
        let first = try #require(bytes.split(separator: UInt8(ascii: "\n")).first)
        #expect(String(decoding: first, as: UTF8.self) == Self.goldenLine)
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        #expect(hash == 1_263_170_182_005_724_394, "FNV-1a of all lines")
    }

    @Test(arguments: [3, 20_260_401] as [UInt64])
    func `every line is a canonical event and says what the simulator says of it`(seed: UInt64) throws {
        let shop = try SimulatedShop(shopOptions(seed: seed, lines: 5_000), lines: 5_000)
        #expect(shop.lines.count == 5_000)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let types: Set = ["product_view", "search", "add_to_cart", "purchase", "return"]
        for line in shop.lines {
            #expect(types.contains(line.type))
            let identifier = try #require(line.fields["customer_id"] as? String)
            #expect(Array(identifier.utf8) == Array(line.bytes[line.event.identifier]))
            #expect(shop.simulator.customer(withIdentifier: identifier.utf8) == line.event.customer)
            let timestamp = try #require(line.fields["timestamp"] as? String)
            let date = try #require(formatter.date(from: timestamp))
            let milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded())
            #expect(milliseconds == line.event.timeMilliseconds)
            #expect((line.fields["event_id"] as? String)?.utf8.count == 32)
            #expect((line.fields["session_id"] as? String)?.utf8.count == 9)
            #expect(["web", "app", "store"].contains(line.channel))
            #expect((line.fields["store_id"] != nil) == (line.channel == "store"))
            for item in line.items {
                #expect((item["product_id"] as? String)?.utf8.count == 6)
                #expect(EventTemplates.categories.contains(item["category"] as? String ?? ""))
                #expect(try #require(item["price"] as? Double) > 0)
                #expect(try #require(item["quantity"] as? Int) >= 1)
            }
            #expect(line.fields["items"] == nil || (line.type == "purchase" && line.items.count >= 2))
        }
        let mean = shop.lines.reduce(0) { $0 + $1.bytes.count } / shop.lines.count
        #expect((200...300).contains(mean))
    }

    @Test func `bytes and key are found in a buffer that already holds something`() throws {
        var simulator = ShopSimulator(options: shopOptions(seed: 5, lines: 2_000))
        var buffer = Array("before".utf8)
        for _ in 0..<2_000 {
            let start = buffer.count
            let appended = simulator.append(to: &buffer)
            let event = try #require(appended)
            #expect(event.bytes == start..<buffer.count)
            #expect(buffer[event.bytes.lowerBound] == UInt8(ascii: "{"))
            #expect(simulator.customer(withIdentifier: buffer[event.identifier]) == event.customer)
        }
    }

    @Test func `the stream ends after its last line and at the end of the engine's calendar`() {
        var simulator = ShopSimulator(options: shopOptions(seed: 5, lines: 10))
        var buffer: [UInt8] = []
        for _ in 0..<10 {
            let event = simulator.append(to: &buffer)
            #expect(event != nil)
        }
        let count = buffer.count
        let end = simulator.append(to: &buffer)
        #expect(end == nil)
        #expect(buffer.count == count)
        #expect(simulator.lineCount == 10)

        var options = ShopSimulatorOptions()
        options.startMilliseconds = ShopSimulatorOptions.timeMaxMilliseconds - 2_500
        options.eventsPerSecond = 1
        var last = ShopSimulator(options: options)
        for _ in 0..<3 {
            let event = last.append(to: &buffer)
            #expect(event != nil)
        }
        let lastEnd = last.append(to: &buffer)
        #expect(lastEnd == nil)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `lines keep to the clock, late events are as late and as frequent as asked`(seed: UInt64) throws {
        var options = shopOptions(seed: seed, lines: 20_000)
        options.lateShare = 0.03
        options.duplicateShare = 0
        let shop = try SimulatedShop(options, lines: 20_000)
        var late = 0
        for (index, line) in shop.lines.enumerated() {
            let clock = options.startMilliseconds + Int64(Double(index) * 30 * 86_400_000 / 20_000)
            #expect(line.event.arrivalMilliseconds == clock)
            let age = line.event.arrivalMilliseconds - line.event.timeMilliseconds
            #expect(age == 0 || (1_000...300_000).contains(age))
            if age > 0 { late += 1 }
        }
        let share = Double(late) / 20_000
        #expect(abs(share - 0.03) < SimulatedShop.tolerance(0.03, count: 20_000), "seed \(seed)")
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func `repeated events are the same bytes again within eight lines`(seed: UInt64) throws {
        var options = shopOptions(seed: seed, lines: 20_000)
        options.duplicateShare = 0.02
        let shop = try SimulatedShop(options, lines: 20_000)
        var seen: [[UInt8]: Int] = [:]
        var duplicates = 0
        for (index, line) in shop.lines.enumerated() {
            if line.event.isDuplicate {
                duplicates += 1
                let original = try #require(seen[line.bytes])
                #expect((1...8).contains(index - original))
                #expect(shop.lines[original].event.customer == line.event.customer)
                #expect(shop.lines[original].event.timeMilliseconds == line.event.timeMilliseconds)
            } else {
                #expect(seen[line.bytes] == nil)
                seen[line.bytes] = index
            }
        }
        let share = Double(duplicates) / Double(20_000 - duplicates)
        #expect(abs(share - 0.02) < SimulatedShop.tolerance(0.02, count: 20_000), "seed \(seed)")
    }

    @Test func `without faults every event is new and in order`() throws {
        var options = shopOptions(seed: 4, lines: 5_000)
        options.lateShare = 0
        options.duplicateShare = 0
        let shop = try SimulatedShop(options, lines: 5_000)
        for (earlier, later) in zip(shop.lines, shop.lines.dropFirst()) {
            #expect(earlier.event.timeMilliseconds <= later.event.timeMilliseconds)
        }
        #expect(Set(shop.lines.map { $0.fields["event_id"] as? String }).count == 5_000)
    }

    @Test func `impossible options are refused with a sentence each`() {
        var options = ShopSimulatorOptions()
        #expect(options.faults.isEmpty)
        options.customers = 0
        options.speedUp = .nan
        options.lateShare = 1.5
        options.drift = ShopDrift(at: .afterEvents(-1))
        #expect(options.faults.count == 4)
        #expect(options.faults.allSatisfy { $0.hasSuffix(".") })
    }

    private static let goldenLine =
        #"{"event_id":"9c42dca32d2a44c66c98787c9e438a38","type":"product_view","customer_id":"c0000561","#
        + #""timestamp":"2026-01-01T00:00:00.000Z","session_id":"s0064a487","product_id":"p16341","#
        + #""category":"toys","price":20.39,"quantity":1,"channel":"web"}"#
}
