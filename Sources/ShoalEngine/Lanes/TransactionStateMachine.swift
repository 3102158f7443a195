package import ShoalKafka

/// Decides what a lane does about its transaction, from what became of the last thing it did.
///
/// Pure: it has no handle, clock or lock, so that tests drive it by hand and a seed drives it at random. The
/// lane performs `next` until there is nothing to do, and works in between.
///
/// Two rules go beyond librdkafka's error classes. **An abort is a crash**: memory is as wrong as the
/// offsets, so partitions are dropped and recovered from what is committed. **An unsure end is looked up**:
/// when a commit timed out, took as long as a request may, or a connection broke meanwhile, librdkafka may
/// have sent it twice, and the second could end the transaction after it (KAFKA-17754). So this producer is
/// never used again; a new one of the same identity fences it, and the group's offsets say whether the commit
/// happened.
package struct TransactionStateMachine: Sendable {
    package enum Action: Equatable, Sendable {
        /// Fence earlier producers of this identity.
        case initialise
        case sendOffsets
        case commit
        case abort
        /// Destroy the producer, and make another of the same identity.
        case replaceProducer
        /// Ask the group whether it has the offsets that were sent last.
        case compareOffsets
        /// Drop the lane's partitions, and bring them back from what is committed.
        case recover
    }

    package enum Outcome: Equatable, Sendable {
        case done
        /// Done, but a request may have been sent twice on the way.
        case doneUnsurely
        case failed(TransactionRemedy)
        /// The group's offsets are not those that were sent.
        case differs
    }

    private enum Phase: Equatable {
        case uninitialised(then: Check)
        case idle, open, sendingOffsets, committing, aborting
        case replacing(then: Check)
        case comparing, recovering, ended
    }

    /// What a new producer finds out before it is used.
    private enum Check { case nothing, offsets, everything }

    private let timeoutMilliseconds: Int64
    private var phase = Phase.uninitialised(then: .nothing)
    private var openedAt: Int64 = 0
    /// Transactions lost since the last that was committed.
    private var losses: LossStreak

    /// A machine whose producer is new.
    ///
    /// - Parameters:
    ///   - timeoutMilliseconds: the broker's bound for a transaction, `transaction.timeout.ms`.
    ///   - losses: how many transactions may be lost one after the other before it gives up.
    package init(timeoutMilliseconds: Int64, losses: LossStreak = LossStreak()) {
        precondition(timeoutMilliseconds > 0, "A bound is positive.")
        self.timeoutMilliseconds = timeoutMilliseconds
        self.losses = losses
    }

    /// Whether the lane may take records and produce; if not, it does `next` first.
    package var isReady: Bool { phase == .idle || phase == .open }

    package var isOpen: Bool { phase == .open }

    /// Whether the lane cannot go on.
    package var isEnded: Bool { phase == .ended }

    /// Whether it ended because no transaction could be committed.
    package var hasGivenUp: Bool { isEnded && losses.hasGivenUp }

    /// How long to wait before work is tried again.
    package var restMilliseconds: Int64 { losses.restMilliseconds }

    /// What is to be done before anything else; `nil` while the lane may work, and after the end.
    package var next: Action? {
        switch phase {
        case .idle, .open, .ended: nil
        case .uninitialised: .initialise
        case .sendingOffsets: .sendOffsets
        case .committing: .commit
        case .aborting: .abort
        case .replacing: .replaceProducer
        case .comparing: .compareOffsets
        case .recovering: .recover
        }
    }

    /// The producer has begun a transaction.
    ///
    /// - Parameter now: milliseconds of a monotonic clock.
    package mutating func opened(now: Int64) {
        precondition(phase == .idle, "One transaction at a time.")
        phase = .open
        openedAt = now
    }

    /// The work is to be made final.
    ///
    /// - Parameter hasOffsets: false for outputs that stand for no input.
    package mutating func close(hasOffsets: Bool) {
        precondition(phase == .open, "There is a transaction to commit.")
        phase = hasOffsets ? .sendingOffsets : .committing
    }

    /// The work done is no longer wanted.
    package mutating func discard() {
        if phase == .open { phase = .aborting }
    }

    /// Something failed between opening and closing.
    ///
    /// - Parameters:
    ///   - isFatal: the producer is done for; everything else ends the transaction only.
    ///   - now: milliseconds of a monotonic clock.
    package mutating func workFailed(isFatal: Bool, now: Int64) {
        precondition(isReady, "Work is done between transactions' ends.")
        guard phase == .open else {
            phase = .ended
            return
        }
        if isFatal { producerEnded(now: now) } else { phase = .aborting }
    }

    /// Takes in what became of `next`.
    ///
    /// - Parameters:
    ///   - outcome: of the action that `next` asked for.
    ///   - now: milliseconds of a monotonic clock.
    package mutating func note(_ outcome: Outcome, now: Int64) {
        switch (phase, outcome) {
        case (.uninitialised(let check), .done), (.uninitialised(let check), .doneUnsurely):
            switch check {
            case .nothing: phase = .idle
            case .offsets: phase = .comparing
            case .everything: phase = .recovering
            }
        case (.uninitialised, .failed(.callAgain)), (.comparing, .failed(.callAgain)): break
        case (.sendingOffsets, .done), (.sendingOffsets, .doneUnsurely): phase = .committing
        case (.sendingOffsets, .failed(.callAgain)): if isExpired(now: now) { phase = .aborting }
        case (.committing, .done), (.comparing, .done):
            phase = .idle
            losses.end()
        case (.committing, .doneUnsurely), (.committing, .failed(.callAgain)):
            phase = .replacing(then: .offsets)
        case (.sendingOffsets, .failed(.abort)), (.committing, .failed(.abort)): phase = .aborting
        case (.comparing, .differs), (.aborting, .done): phase = .recovering
        case (.aborting, .doneUnsurely), (.aborting, .failed(.callAgain)), (.aborting, .failed(.abort)):
            phase = .replacing(then: .everything)
        case (.replacing(let check), .done): phase = .uninitialised(then: check)
        case (.recovering, .done): lost()
        case (.sendingOffsets, .failed(.stop)), (.committing, .failed(.stop)), (.aborting, .failed(.stop)):
            producerEnded(now: now)
        default: phase = .ended
        }
    }

    /// A producer is ended by another of its identity, which ends the process; or by the broker, whose
    /// patience with a transaction ended, which costs the transaction only.
    private mutating func producerEnded(now: Int64) {
        phase = isExpired(now: now) ? .replacing(then: .everything) : .ended
    }

    private func isExpired(now: Int64) -> Bool { now - openedAt >= timeoutMilliseconds }

    private mutating func lost() {
        losses.lose()
        phase = losses.hasGivenUp ? .ended : .idle
    }
}
