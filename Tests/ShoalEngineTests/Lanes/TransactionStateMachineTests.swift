import ShoalEngine
import ShoalKafka
import Testing

@Suite struct TransactionStateMachineTests {
    private typealias Action = TransactionStateMachine.Action

    /// A machine that may open transactions, of at most 10 s.
    private func ready() -> TransactionStateMachine {
        var machine = TransactionStateMachine(timeoutMilliseconds: 10_000, losses: LossStreak(max: 3))
        machine.note(.done, now: 0)
        return machine
    }

    /// A machine whose transaction is being committed.
    private func committing(openedAt now: Int64 = 0) -> TransactionStateMachine {
        var machine = ready()
        machine.opened(now: now)
        machine.close(hasOffsets: true)
        machine.note(.done, now: now)
        return machine
    }

    /// What the machine asks for while everything works out, from here on.
    private func actions(_ machine: inout TransactionStateMachine) -> [Action] {
        var actions: [Action] = []
        while let next = machine.next {
            actions.append(next)
            machine.note(.done, now: 0)
        }
        return actions
    }

    @Test func `nothing is done before earlier producers are fenced`() {
        var machine = TransactionStateMachine(timeoutMilliseconds: 10_000)
        #expect(!machine.isReady)
        #expect(machine.next == .initialise)
        // However long the broker is away.
        for now in 0..<100 as Range<Int64> { machine.note(.failed(.callAgain), now: now * 60_000) }
        #expect(machine.next == .initialise)
        machine.note(.done, now: 0)
        #expect(machine.isReady && !machine.isOpen && machine.next == nil)
    }

    @Test func `offsets go into the transaction before it is committed`() {
        var machine = ready()
        machine.opened(now: 0)
        #expect(machine.isReady && machine.isOpen)
        machine.close(hasOffsets: true)
        #expect(!machine.isReady)
        #expect(actions(&machine) == [.sendOffsets, .commit])
        #expect(machine.isReady && !machine.isOpen)
    }

    @Test func `outputs that stand for no input need no offsets`() {
        var machine = ready()
        machine.opened(now: 0)
        machine.close(hasOffsets: false)
        #expect(actions(&machine) == [.commit])
    }

    @Test func `an abort is a crash, and the same producer goes on`() {
        for failsAtOffsets in [true, false] {
            var machine = ready()
            machine.opened(now: 0)
            machine.close(hasOffsets: failsAtOffsets)
            machine.note(.failed(.abort), now: 0)
            #expect(actions(&machine) == [.abort, .recover])
            #expect(machine.isReady)
        }
    }

    @Test func `work that failed, or that nobody wants, is aborted`() {
        var failed = ready()
        failed.opened(now: 0)
        failed.workFailed(isFatal: false, now: 0)
        #expect(actions(&failed) == [.abort, .recover])
        var unwanted = ready()
        unwanted.discard()
        #expect(unwanted.next == nil)
        unwanted.opened(now: 0)
        unwanted.discard()
        #expect(actions(&unwanted) == [.abort, .recover])
    }

    @Test(arguments: [true, false])
    func `after an unsure commit the producer is never used again, and the group says what happened`(
        timedOut: Bool
    ) {
        var machine = committing()
        machine.note(timedOut ? .failed(.callAgain) : .doneUnsurely, now: 0)
        var isCommitted = machine
        #expect(actions(&isCommitted) == [.replaceProducer, .initialise, .compareOffsets])
        #expect(isCommitted.isReady)
        for expected in [.replaceProducer, .initialise] as [Action] {
            #expect(machine.next == expected)
            machine.note(.done, now: 0)
        }
        machine.note(.differs, now: 0)
        #expect(actions(&machine) == [.recover])
        #expect(machine.isReady)
    }

    private static let unsureEnds: [TransactionStateMachine.Outcome] = [
        .doneUnsurely, .failed(.callAgain), .failed(.abort),
    ]

    @Test(arguments: unsureEnds)
    func `after an unsure abort a new producer finishes it`(outcome: TransactionStateMachine.Outcome) {
        var machine = ready()
        machine.opened(now: 0)
        machine.discard()
        machine.note(outcome, now: 0)
        #expect(actions(&machine) == [.replaceProducer, .initialise, .recover])
    }

    @Test func `sending offsets is repeated while the transaction lives`() {
        var machine = ready()
        machine.opened(now: 1_000)
        machine.close(hasOffsets: true)
        machine.note(.failed(.callAgain), now: 10_999)
        #expect(machine.next == .sendOffsets)
        machine.note(.failed(.callAgain), now: 11_000)
        #expect(machine.next == .abort)
    }

    @Test func `a fatal error within the transaction's time is another producer's doing and the end`() {
        var fenced = committing(openedAt: 0)
        fenced.note(.failed(.stop), now: 9_999)
        #expect(fenced.isEnded && fenced.next == nil && !fenced.isReady && !fenced.hasGivenUp)
        var working = ready()
        working.opened(now: 0)
        working.workFailed(isFatal: true, now: 9_999)
        #expect(working.isEnded)
        var idle = ready()
        idle.workFailed(isFatal: true, now: 1_000_000)
        #expect(idle.isEnded)
    }

    @Test func `a fatal error after the transaction's time is the broker's, and the work is done again`() {
        var machine = committing(openedAt: 0)
        machine.note(.failed(.stop), now: 10_000)
        #expect(actions(&machine) == [.replaceProducer, .initialise, .recover])
        #expect(machine.isReady)
    }

    @Test func `losing again and again rests longer and longer, and ends`() {
        var machine = ready()
        var rests: [Int64] = []
        for _ in 0..<3 {
            machine.opened(now: 0)
            machine.discard()
            _ = actions(&machine)
            rests.append(machine.restMilliseconds)
        }
        #expect(rests == [0, 1_000, 2_000])
        var recovered = machine
        recovered.opened(now: 0)
        recovered.close(hasOffsets: true)
        _ = actions(&recovered)
        #expect(recovered.restMilliseconds == 0)
        machine.opened(now: 0)
        machine.discard()
        _ = actions(&machine)
        #expect(machine.isEnded && machine.hasGivenUp)
    }

    @Test func `no action that the machine did not ask for is taken for its own`() {
        var machine = committing()
        machine.note(.differs, now: 0)
        #expect(machine.isEnded)
    }
}
