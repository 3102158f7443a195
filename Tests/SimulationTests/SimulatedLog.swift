import Foundation

/// What happens in the simulated world, on standard error, for whoever wants to follow a seed.
///
/// `SHOAL_SIMULATION_LOG=1` turns it on.
enum SimulatedLog {
    static let isWanted = ProcessInfo.processInfo.environment["SHOAL_SIMULATION_LOG"] != nil

    static func write(_ line: String) {
        FileHandle.standardError.write(Data((line.hasSuffix("\n") ? line : line + "\n").utf8))
    }

    static func note(_ now: Int64, _ line: @autoclosure () -> String) {
        if isWanted { write("\(now) \(line())") }
    }
}
