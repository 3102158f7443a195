import ShoalCore
import ShoalEngine
import ShoalKafka

/// A lane of one partition, with the engine's own state machine and ledger, on a simulated broker.
///
/// Its memory is the list of records it has processed, and its output one record for each: so what is
/// committed in the end, and what the lane believes, must both be 0, 1, 2 … without a gap or a repeat.
struct SimulatedLane {
    struct Outcome {
        let committed: [Int64]
        let memory: [Int64]

        /// Whether every record counts once, in order, and the lane knows it.
        var isWhole: Bool { committed == Array(0..<Int64(committed.count)) && memory == committed }
    }

    private static let timeout: Int64 = 10_000

    private let trustsUnsureCommits: Bool
    private let keepsMemoryAfterAbort: Bool
    private var random: SeededGenerator
    private var broker = SimulatedTransactions()
    private var machine = TransactionStateMachine(timeoutMilliseconds: timeout, losses: LossStreak(max: .max))
    private var ledger = PartitionLedger(topics: ["clicks"], partitionCount: 1)
    private var memory: [Int64] = []
    private var producer = 0
    private var sent: [KafkaPartitionOffset] = []
    private var now: Int64 = 0
    private var isHealed = false

    init(seed: UInt64, trustsUnsureCommits: Bool = false, keepsMemoryAfterAbort: Bool = false) {
        random = SeededGenerator(seed: seed)
        self.trustsUnsureCommits = trustsUnsureCommits
        self.keepsMemoryAfterAbort = keepsMemoryAfterAbort
        ledger.assign(0, next: 0, committed: nil)
    }

    var outcome: Outcome { Outcome(committed: broker.outputs, memory: memory) }

    private mutating func happens(oneIn count: Int) -> Bool {
        !isHealed && Int.random(in: 0..<count, using: &random) == 0
    }

    /// One thing that a lane does, with whatever the broker makes of it.
    mutating func step() {
        now += Int64.random(in: 1...50, using: &random)
        if happens(oneIn: 10) { broker.deliverLateRequests() }
        if happens(oneIn: 60) { return crash() }
        guard machine.isReady else { return settle() }
        if happens(oneIn: 40), machine.isOpen {
            machine.discard()
        } else if happens(oneIn: 40) {
            now += Self.timeout
            broker.expire(producer)
        } else if Int.random(in: 0..<3, using: &random) == 0 {
            close()
        } else {
            process()
        }
    }

    /// Lets everything work, until all is committed.
    mutating func heal() {
        isHealed = true
        broker.deliverLateRequests()
        for _ in 0..<100 where !machine.isReady { settle() }
        process()
        close()
        for _ in 0..<100 where !machine.isReady || !ledger.uncommitted.isEmpty {
            if machine.isReady { close() } else { settle() }
        }
    }

    private mutating func process() {
        if !machine.isOpen {
            machine.opened(now: now)
            broker.begin(producer)
        }
        let offset = ledger.next(of: 0)
        guard ledger.take(0, offset: offset) else { return }
        memory.append(offset)
        if !broker.produce(offset, by: producer) { machine.workFailed(isFatal: true, now: now) }
        endIfEnded()
    }

    private mutating func close() {
        sent = ledger.uncommitted
        guard machine.isOpen, !sent.isEmpty else { return }
        machine.close(hasOffsets: true)
    }

    private mutating func settle() {
        guard let action = machine.next else { return endIfEnded() }
        let outcome = perform(action)
        machine.note(outcome, now: now)
        if action == .commit || action == .compareOffsets, outcome == .done { ledger.noteCommitted(sent) }
        endIfEnded()
    }

    private mutating func perform(
        _ action: TransactionStateMachine.Action
    ) -> TransactionStateMachine.Outcome {
        if action != .recover, action != .replaceProducer, happens(oneIn: 12) { return .failed(.callAgain) }
        switch action {
        case .initialise:
            broker.initialise(producer)
            return .done
        case .sendOffsets:
            if happens(oneIn: 15) { return .failed(.abort) }
            return broker.send(sent[0].offset, by: producer) ? .done : .failed(.stop)
        case .commit: return end(committing: true)
        case .abort: return end(committing: false)
        case .replaceProducer:
            producer += 1
            return .done
        case .compareOffsets: return broker.offset == sent[0].offset ? .done : .differs
        case .recover:
            recover()
            return .done
        }
    }

    /// Ends a transaction over a connection that may lose the request, its answer, or both once and deliver
    /// it later.
    private mutating func end(committing: Bool) -> TransactionStateMachine.Outcome {
        let isDoubled = happens(oneIn: 6)
        if isDoubled { broker.delay(committing: committing, by: producer) }
        if happens(oneIn: 8) {
            if committing, happens(oneIn: 2) { broker.delay(committing: true, by: producer) }
            return .failed(.callAgain)
        }
        guard broker.end(committing: committing, by: producer) else { return .failed(.stop) }
        if happens(oneIn: 8) { return .failed(.callAgain) }
        return isDoubled && !trustsUnsureCommits ? .doneUnsurely : .done
    }

    /// Drops the memory and makes it again from what is committed, as `Recovery` does.
    private mutating func recover() {
        if !keepsMemoryAfterAbort { memory = broker.outputs }
        ledger.assign(0, next: broker.offset, committed: broker.offset)
    }

    private mutating func crash() {
        machine = TransactionStateMachine(timeoutMilliseconds: Self.timeout, losses: LossStreak(max: .max))
        producer += 1
        broker.initialise(producer)
        recover()
    }

    /// A process that cannot go on is started again.
    private mutating func endIfEnded() {
        if machine.isEnded { crash() }
    }
}
