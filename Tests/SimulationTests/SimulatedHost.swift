import ShoalKafka

/// A machine that clients run on; when it is down its clients' calls do nothing more.
final class SimulatedHost {
    private(set) var isDown = false
    /// Calls to the broker that are left before it goes down; `nil` for no end in sight.
    var callsLeft: Int?
    /// Connections that were closed under its clients.
    var closedConnectionCount = 0

    /// Notes a call, or half of one: each is a moment at which power may fail.
    ///
    /// - Returns: whether the host still stands.
    func passes() -> Bool {
        if let left = callsLeft, !isDown {
            callsLeft = left - 1
            if left <= 1 { isDown = true }
        }
        return !isDown
    }

    func goDown() { isDown = true }

    func check() throws(KafkaError) {
        guard passes() else { throw .simulated("DOWN", code: -197, isFatal: true) }
    }
}
