internal import ShoalEngine

/// Whether this process does its work: all lanes know their partitions and have restored them, there is a
/// model, and the lag is bounded.
enum Readiness {
    /// What is still missing, in words; empty when ready.
    static func obstacles(_ status: EngineStatus, isLagUnbounded: Bool) -> [String] {
        guard status.phase == .running else { return ["the engine is \(status.phase.rawValue)"] }
        var obstacles: [String] = []
        if status.partitionCount == 0 { obstacles.append("no partition is assigned") }
        // Until then nobody can say which customers are this process's.
        let waiting = status.lanes.count { !$0.hasJoined }
        if waiting > 0 { obstacles.append("\(waiting) lanes wait for the group to tell their partitions") }
        let recovering = status.lanes.count { $0.phase == .recovering }
        if recovering > 0 { obstacles.append("\(recovering) lanes are restoring their partitions") }
        if status.modelVersion == 0 { obstacles.append("there is no model yet") }
        if isLagUnbounded {
            obstacles.append("the lag of \(status.lagRecords) records has been growing for a minute")
        }
        return obstacles
    }
}
