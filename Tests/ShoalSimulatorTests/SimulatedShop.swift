internal import Foundation

@testable internal import ShoalSimulator

/// Lines of a simulated shop, read back as a stranger would read them.
struct SimulatedShop {
    struct Line {
        let event: SimulatedEvent
        let bytes: [UInt8]
        let fields: [String: Any]

        var type: String { fields["type"] as? String ?? "" }
        var channel: String { fields["channel"] as? String ?? "" }
        var items: [[String: Any]] { fields["items"] as? [[String: Any]] ?? [fields] }
        var categories: [String] { items.compactMap { $0["category"] as? String } }
        var prices: [Double] { items.compactMap { $0["price"] as? Double } }
    }

    let simulator: ShopSimulator
    let lines: [Line]

    init(_ options: ShopSimulatorOptions, lines count: Int) throws {
        var simulator = ShopSimulator(options: options)
        var lines: [Line] = []
        var buffer: [UInt8] = []
        for _ in 0..<count {
            buffer.removeAll(keepingCapacity: true)
            guard let event = simulator.append(to: &buffer) else { break }
            let fields = try JSONSerialization.jsonObject(with: Data(buffer)) as? [String: Any]
            lines.append(Line(event: event, bytes: buffer, fields: fields ?? [:]))
        }
        self.simulator = simulator
        self.lines = lines
    }

    /// What made the event, by the truth at its own time.
    func behaviour(of line: Line) -> ShopperBehaviour {
        simulator.behaviour(ofCustomer: line.event.customer, at: line.event.timeMilliseconds)
    }

    func lines(of behaviour: ShopperBehaviour) -> [Line] {
        lines.filter { self.behaviour(of: $0) == behaviour }
    }

    /// The stream's bytes with line ends, without reading them back.
    static func bytes(_ options: ShopSimulatorOptions, lines count: Int) -> [UInt8] {
        var simulator = ShopSimulator(options: options)
        var buffer: [UInt8] = []
        for _ in 0..<count {
            guard simulator.append(to: &buffer) != nil else { break }
            buffer.append(UInt8(ascii: "\n"))
        }
        return buffer
    }

    /// How far a share of `count` draws may be off: five standard deviations.
    static func tolerance(_ share: Double, count: Int) -> Double {
        5 * (share * (1 - share) / Double(max(1, count))).squareRoot() + 1e-9
    }
}

/// Options of a shop that tells `days` of story in `lines` lines.
func shopOptions(customers: Int = 2_000, seed: UInt64, lines: Int, days: Double = 30) -> ShopSimulatorOptions
{
    var options = ShopSimulatorOptions()
    options.customers = customers
    options.seed = seed
    options.eventsMax = lines
    options.speedUp = days * 86_400 * options.eventsPerSecond / Double(lines)
    return options
}
