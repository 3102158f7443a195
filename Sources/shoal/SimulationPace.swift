internal import Foundation
internal import ShoalSimulator

/// Writes a stream at an even rate, by an absolute schedule: a late batch is caught up with, never made up
/// for by a longer story.
struct SimulationPace {
    /// Lines written between two looks at the clock when there is no rate.
    private static let batchLines = 10_000
    /// Paced lines leave in batches this far apart, so that 100,000 a second do not need as many wake-ups.
    private static let tickSeconds = 0.01
    /// The longest sleep, after which an interruption is noticed.
    private static let sleepSecondsMax = 0.1

    /// 0 is as fast as possible.
    let linesPerSecond: Double

    /// Writes until the stream ends, its reader goes away or the process is interrupted.
    func run<Sink: SimulationSink & ~Copyable>(
        _ simulator: inout ShopSimulator, into sink: inout Sink
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        var goesOn = true
        while goesOn, !Interruption.isRequested {
            var batch = Self.batchLines
            if linesPerSecond > 0 {
                let elapsed = (clock.now - start) / .seconds(1)
                // Line n is due at n / rate, the first at once.
                let due = Int(elapsed * linesPerSecond) + 1
                batch = min(due - simulator.lineCount, Self.batchLines)
                guard batch > 0 else {
                    let nextDue = Double(simulator.lineCount) / linesPerSecond
                    let wait = max(nextDue - elapsed, Self.tickSeconds)
                    Thread.sleep(forTimeInterval: min(wait, Self.sleepSecondsMax))
                    continue
                }
            }
            goesOn = try sink.write(batch, from: &simulator)
        }
        try sink.finish()
    }
}
