import Logging
import ShoalCore
@testable import ShoalEngine
import ShoalKafka

/// One process of the engine: its lanes, without threads, on a machine that may fail.
///
/// The lanes are the engine's own. Only their clients are others, and the world's scheduler takes the place
/// of the system's.
final class SimulatedProcess {
    typealias SimulatedLane = Lane<SimulatedConsumer, SimulatedProducer>

    final class Box {
        var lane: SimulatedLane?
        let board: LaneBoard
        var hasStarted = false

        init(_ lane: consuming SimulatedLane, board: LaneBoard) {
            self.lane = consume lane
            self.board = board
        }
    }

    let name: String
    let host: SimulatedHost
    let shared: EngineShared
    private(set) var boxes: [Box] = []

    init(_ settings: EngineSettings, plan: FeaturePlan, partitionCount: Int32, broker: SimulatedBroker) throws
    {
        name = settings.instance
        host = broker.start(host: settings.instance)
        var settings = settings
        settings.kafka["client.id"] = settings.instance
        /// Safe: the broker and all that asks it for the time live in one thread.
        struct Clock: @unchecked Sendable { let broker: SimulatedBroker }
        let clock = Clock(broker: broker)
        let name = name
        let logger = Logger(label: "simulation") { _ in
            guard SimulatedLog.isWanted else { return SwiftLogNoOpLogHandler() }
            return LineLogHandler(
                format: .text, level: .info, epochMilliseconds: { clock.broker.now },
                write: { SimulatedLog.write("\(name): \($0)") })
        }
        shared = EngineShared(
            settings: settings, plan: plan, log: EngineLog(logger), clock: { clock.broker.now },
            hasThreads: false)
        try settings.snapshots?.store(ofGroup: settings.group).prepare()
        shared.mailbox.put(SimulatedShop.model(planHash: plan.hash))
        shared.mailbox.reach(1)
        for index in 0..<settings.lanes {
            let board = LaneBoard()
            let lane = try SimulatedLane(
                index: index, partitionCount: Int(partitionCount), shared: shared, board: board)
            boxes.append(Box(lane, board: board))
        }
    }

    /// One turn of one lane.
    ///
    /// - Throws: What ends the process.
    func step(lane index: Int) throws {
        let box = boxes[index]
        if !box.hasStarted {
            box.hasStarted = true
            try box.lane?.start()
        }
        try box.lane?.step()
    }

    /// Ends gracefully: intake stops, work is finished and committed.
    func stop() throws {
        shared.requestStop(withinMilliseconds: 10_000)
        for box in boxes {
            guard var lane = box.lane.take() else { continue }
            do {
                try lane.finish()
            } catch {
                lane.close()
                throw error
            }
            lane.close()
        }
    }

    var isRecovering: Bool { boxes.contains { $0.lane?.isRecovering == true } }

    /// What is known of the customers of one partition, if a lane of this process is at work on it.
    func profiles(ofPartition number: Int32) -> [String]? {
        for box in boxes where box.lane?.isRecovering == false && box.lane?.consumer.isMember == true {
            if let partition = box.lane?.work.partitions[Int(number)] {
                return SimulatedShop.profiles(of: partition.shard)
            }
        }
        return nil
    }
}
