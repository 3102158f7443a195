import Synchronization

/// Brokers by the address that clients are given, as they would be found over a network.
///
/// A test has a broker to itself and runs in one thread, so what is handed out is not shared.
enum SimulatedClusters {
    /// Safe: the registry is locked, and each broker is used by the one thread of its own test.
    private struct Entry: @unchecked Sendable { let broker: SimulatedBroker }

    private static let brokers = Mutex<[String: Entry]>([:])

    static func register(_ broker: SimulatedBroker, at address: String) {
        let entry = Entry(broker: broker)
        brokers.withLock { $0[address] = entry }
    }

    static func remove(_ address: String) {
        brokers.withLock { $0[address] = nil }
    }

    static func broker(at address: String) -> SimulatedBroker {
        guard let entry = brokers.withLock({ $0[address] }) else {
            preconditionFailure("No simulated broker at \(address).")
        }
        return entry.broker
    }
}
