internal import ShoalSimulator

/// Something simulated events are written to.
protocol SimulationSink: ~Copyable {
    /// Writes up to `count` events, and sees to it that they leave the process.
    ///
    /// - Returns: False when there is nothing more to write, or nobody to write to.
    mutating func write(_ count: Int, from simulator: inout ShopSimulator) throws -> Bool

    /// Waits until everything written has arrived.
    mutating func finish() throws
}
