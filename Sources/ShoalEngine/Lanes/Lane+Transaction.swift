internal import ShoalKafka

/// The lane's transactions: what `TransactionStateMachine` asks for is done here, with Kafka.
extension Lane where Consumer: ~Copyable, Producer: ~Copyable {
    /// One attempt to get an epoch, or to ask for offsets; the engine's stop is heard in between.
    private static var answerMilliseconds: Int32 { 1_000 }
    private static var againMilliseconds: Int32 { 100 }

    /// What the lane remembers of the transaction that it is ending.
    struct TransactionEnd {
        var offsets: [KafkaPartitionOffset] = []
        /// Taken afresh for each transaction, and kept for repeating the same request.
        var membership: Consumer.Membership?
        var isCommitted = false
        /// What last went wrong.
        var failure: KafkaError?
    }

    /// Makes what is processed final, offsets and outputs together.
    ///
    /// - Returns: whether everything processed is committed.
    /// - Throws: What ends the engine.
    mutating func commitTransaction() throws(EngineError) -> Bool {
        commit.restart(now: work.now)
        guard work.output.isDrained, let machine = work.output.transaction, machine.isReady else {
            return false
        }
        let offsets = work.ledger.uncommitted
        // Even an empty transaction would write its markers.
        if offsets.isEmpty, !machine.isOpen { return true }
        do {
            try work.output.openTransaction(now: work.now)
        } catch {
            try outputFailed(error)
            return false
        }
        let started = work.now
        ending.offsets = offsets
        ending.membership = consumer.groupMetadata()
        ending.isCommitted = false
        CrashPoint.produced.reach()
        work.output.transaction?.close(hasOffsets: !offsets.isEmpty)
        try settle()
        if ending.isCommitted { work.timings.noteCommit(milliseconds: shared.clock() - started) }
        return ending.isCommitted
    }

    /// Ends the lane, or what it did since its last commit.
    mutating func outputFailed(_ error: KafkaError) throws(EngineError) {
        guard work.output.transaction != nil else { return try loseWork(error) }
        ending.failure = error
        shared.log.throttledWarning("\(name) output", "\(name): a transaction is given up: \(error)")
        work.output.transaction?.workFailed(isFatal: error.isFatal || error.isFenced, now: work.now)
        try settle()
    }

    /// Goes back to the last commit after outputs that Kafka would not take, unless that is of no more use.
    private mutating func loseWork(_ error: KafkaError) throws(EngineError) {
        if error.isFatal || error.isFenced { throw .kafka(part: name, error) }
        losses.lose()
        if losses.hasGivenUp { throw .outputsRefused(part: name, error) }
        shared.log.throttledWarning("\(name) output", "\(name): outputs were refused: \(error)")
        dropPartitions()
    }

    /// Aborts the transaction that is open, if one is.
    mutating func abandonTransaction() throws(EngineError) {
        work.output.transaction?.discard()
        try settle()
    }

    /// Does what the transaction's state asks for, until the lane may work again.
    ///
    /// Returns early when the engine stops while the broker does not answer.
    mutating func settle() throws(EngineError) {
        while let action = work.output.transaction?.next {
            let outcome = try perform(action)
            work.now = shared.clock()
            work.output.transaction?.note(outcome, now: work.now)
            guard outcome == .failed(.callAgain) else { continue }
            if shared.isStopping, action == .initialise || action == .compareOffsets { return }
            work.output.producer.poll(timeoutMilliseconds: Self.againMilliseconds)
        }
        guard let machine = work.output.transaction, machine.isEnded else { return }
        guard let failure = ending.failure else { preconditionFailure("An end has a reason.") }
        if failure.isFenced {
            let id = shared.settings.transactionalID(slot: name)
            throw .fenced(part: name, transactionalID: id, failure)
        }
        throw machine.hasGivenUp ? .transactionsLost(part: name, failure) : .kafka(part: name, failure)
    }

    private mutating func perform(
        _ action: TransactionStateMachine.Action
    ) throws(EngineError) -> TransactionStateMachine.Outcome {
        switch action {
        case .initialise:
            return attempt { (lane) throws(KafkaError) in
                try lane.work.output.producer.initialiseTransactions(
                    timeoutMilliseconds: Self.answerMilliseconds)
            }
        case .sendOffsets:
            let outcome = attempt { (lane) throws(KafkaError) in
                // Only a reader without a group has none.
                guard let membership = lane.ending.membership else { return }
                try lane.work.output.producer.sendOffsets(
                    lane.ending.offsets, membership: membership,
                    timeoutMilliseconds: Int32(clamping: lane.work.output.requestMilliseconds))
            }
            if outcome == .done { CrashPoint.offsetsSent.reach() }
            return outcome
        case .commit:
            CrashPoint.committing.reachSoon()
            let outcome = attemptOnce { (lane) throws(KafkaError) in
                try lane.work.output.producer.commitTransaction(
                    timeoutMilliseconds: Int32(clamping: lane.work.output.transactionMilliseconds))
            }
            if outcome == .done { committed() }
            return outcome
        case .abort:
            return attemptOnce { (lane) throws(KafkaError) in
                try lane.work.output.producer.abortTransaction(
                    timeoutMilliseconds: Int32(clamping: lane.work.output.transactionMilliseconds))
            }
        case .replaceProducer:
            shared.log.throttledWarning(
                "\(name) replaced", "\(name): a transaction's end is not sure; taking a new producer")
            shared.log.forget(client: "\(name) producer")
            do {
                try work.output.replaceProducer()
            } catch {
                throw .kafka(part: name, error)
            }
            return .done
        case .compareOffsets: return compareOffsets()
        case .recover:
            dropPartitions()
            return .done
        }
    }

    private mutating func attempt(
        _ body: (inout Lane) throws(KafkaError) -> Void
    ) -> TransactionStateMachine.Outcome {
        do throws(KafkaError) {
            try body(&self)
            return .done
        } catch {
            ending.failure = error
            shared.log.throttledWarning("\(name) transaction", "\(name): \(error)")
            return .failed(error.transactionRemedy)
        }
    }

    /// An attempt to end the transaction; unsure if the request may have been sent twice.
    private mutating func attemptOnce(
        _ body: (inout Lane) throws(KafkaError) -> Void
    ) -> TransactionStateMachine.Outcome {
        let started = shared.clock()
        let outcome = attempt(body)
        let took = shared.clock() - started
        let isUnsure = took >= work.output.requestMilliseconds || work.output.hasLostConnection
        return outcome == .done && isUnsure ? .doneUnsurely : outcome
    }

    private mutating func compareOffsets() -> TransactionStateMachine.Outcome {
        // Without offsets there is nothing to tell the two outcomes apart by.
        guard !ending.offsets.isEmpty else { return .differs }
        var isCommitted = false
        let outcome = attempt { (lane) throws(KafkaError) in
            let found = try lane.consumer.committed(
                lane.ending.offsets.map(\.partition), timeoutMilliseconds: Self.answerMilliseconds)
            isCommitted = lane.ending.offsets.allSatisfy { found[$0.partition] == $0.offset }
        }
        guard outcome == .done else { return outcome }
        shared.log.info("\(name): the unsure transaction was \(isCommitted ? "committed" : "not committed")")
        guard isCommitted else { return .differs }
        committed()
        return .done
    }

    private mutating func committed() {
        work.ledger.noteCommitted(ending.offsets)
        ending.offsets = []
        ending.isCommitted = true
        let now = SystemClock.epochMilliseconds
        committedAt = now
        work.timings.settle(now: now)
        CrashPoint.committed.reach()
    }
}
