package import ShoalCore

/// Runs files of events through one shard and its trainer.
///
/// Both work in the calling thread, so the same input gives the same bytes. One thread reads and decodes
/// ahead of them, one writes the changes behind them, and one reviews segments now and then, whose outcome
/// is taken over at a moment that does not depend on it.
package struct Replay: ~Copyable {
    /// Records between two reports of progress.
    private static let recordsPerReport = 16_384
    /// Bytes of changes that are gathered before they are written.
    private static let outputBytesMax = 1 << 19
    /// Customers assigned before the changes of a structural change are written.
    private static let reassignedMax = 1_024
    /// How long to wait for records before somebody is asked whether to go on.
    private static let patienceMilliseconds: Int64 = 200

    private let options: ReplayOptions
    private let plan: FeaturePlan
    private var shard: Shard
    /// The event in hand.
    private var event: Event
    private var trainer: Trainer
    private var drift: DriftWatch?
    /// The newest model that drift has led to and nobody has approved of.
    package private(set) var candidate: SegmentModel?
    /// Reasons are written by the thread that writes changes.
    private var output = OutputBuffer(defersReasons: true)
    private var changes: ChangeWriter?
    private var alerts: FileSink?
    private var rejects: FileSink?
    private var shadow: ReplayShadow?
    /// How the shadow compares, at the end; `nil` without one, or if one of the two never had a model.
    package private(set) var shadowReport: ShadowReport?
    private var progress = ReplayProgress()

    /// - Parameters:
    ///   - options: checked settings.
    ///   - plan: compiled from the options' features.
    ///   - hash: key of the profile table's hash; no output depends on it.
    /// - Throws: `ReplayError` if an output cannot be opened.
    package init(options: ReplayOptions, plan: FeaturePlan, hash: KeyHash) throws(ReplayError) {
        self.options = options
        self.plan = plan
        var settings = ShardSettings(
            model: options.model, batch: options.batch, partition: 0,
            topics: options.files.map(Self.baseName), writesCurrentSegments: false, hash: hash)
        settings.limits = options.profiles
        settings.holdout = options.holdout
        shard = Shard(plan: plan, settings: settings)
        event = Event(schema: plan.schema, itemsMax: options.limits.itemsMax)
        if let model = options.resumedModel {
            trainer = Trainer(
                features: options.features, planHash: plan.hash, settings: options.model, resuming: model)
            shard.adopt(model, into: &output)
        } else {
            trainer = Trainer(features: options.features, planHash: plan.hash, settings: options.model)
        }
        trainer.reviewer = ReviewThread()
        if let chosen = options.shadow { shadow = ReplayShadow(chosen, of: options, hash: hash) }
        if options.model.driftResponse != .ignore {
            drift = DriftWatch(features: options.features, resuming: options.resumedModel)
        }
        changes = if let path = options.changesPath { try ChangeWriter(path: path) } else { nil }
        alerts = if let path = options.alertsPath { try FileSink(path: path) } else { nil }
        rejects = if let path = options.rejectsPath { try FileSink(path: path) } else { nil }
    }

    /// The newest model; `nil` if there were too few customers to learn one.
    package var model: SegmentModel? { trainer.model }

    /// Vectors gathered towards the first model.
    package var warmupCount: Int { trainer.reservoir.count }

    /// Reads every file to its end.
    ///
    /// - Parameter report: called now and then, and once at the end; returns whether to go on.
    /// - Returns: the final counts.
    /// - Throws: `ReplayError` if a file cannot be read or an output cannot be written.
    package mutating func run(
        report: (ReplayProgress) -> Bool
    ) throws(ReplayError) -> ReplayProgress {
        let records = RecordReader.start(
            files: options.files, source: options.source, plan: plan, limits: options.limits,
            keepsLines: rejects != nil || shadow != nil)
        defer { records.stop() }
        var isWanted = true
        var reported = 0
        while isWanted {
            let deadline = SystemClock.deadline(afterMilliseconds: Self.patienceMilliseconds)
            guard let batch = records.takeFull(until: deadline) else {
                isWanted = report(progress)
                continue
            }
            if let failure = batch.failure { throw failure }
            if batch.isLast { break }
            try take(batch)
            (progress.bytesRead, progress.bytesTotal) = (batch.bytesRead, batch.bytesTotal)
            records.put(empty: batch)
            updateProgress()
            if progress.events - reported >= Self.recordsPerReport {
                reported = progress.events
                isWanted = report(progress)
            }
        }
        try drain()
        try changes?.finish()
        try alerts?.flush()
        try rejects?.flush()
        if let path = options.profilesPath { try writeProfiles(to: path) }
        trainer.refreshNames()
        shadowReport = shadow?.report(against: shard, model: trainer.model)
        updateProgress()
        _ = report(progress)
        return progress
    }

    private mutating func take(_ batch: borrowing RecordBatch) throws(ReplayError) {
        if batch.beginsFile { shadow?.beginFile() }
        // The place of an event's profile is looked for while the event two before it is taken in, the
        // profile itself during the one before.
        shard.fetchProfile(announce(0, of: batch.events))
        var announced = announce(1, of: batch.events)
        var (event, exception) = (0, 0)
        for record in batch.lineNumbers.indices {
            let position = EventPosition(
                topic: batch.topic, partition: 0, offset: Int64(batch.lineNumbers[record] - 1))
            if exception < batch.exceptions.count, batch.exceptions[exception].index == record {
                let content = batch.exceptions[exception].content
                exception += 1
                guard try take(content, record, of: batch) else { continue }
            } else {
                shard.fetchProfile(announced)
                announced = announce(event + 2, of: batch.events)
                try take(event, record, of: batch, at: position)
                event += 1
            }
            if shadow != nil {
                shadow?.take(batch.line(of: record), at: position)
                shadow?.compare(with: shard)
            }
        }
    }

    @inline(__always)
    private mutating func announce(_ number: Int, of events: borrowing EventBatch) -> UInt64 {
        number < events.count ? shard.announce(events.customer(of: number)) : 0
    }

    @inline(__always)
    private mutating func take(
        _ number: Int, _ record: Int, of batch: borrowing RecordBatch, at position: EventPosition
    ) throws(ReplayError) {
        let streamTime = shard.streamTimeMilliseconds
        let time = batch.events.timestampMilliseconds(of: number)
        if streamTime != .min, time > streamTime + EventLimits.replayLeadMillisecondsMax {
            shard.countRejected()
            return try write(.inFuture, record, of: batch)
        }
        batch.events.load(number, into: &event)
        _ = shard.absorb(event, at: position, now: max(streamTime, time), into: &output)
        if shard.summaryIsDue(now: shard.streamTimeMilliseconds) { try learn() }
        if output.bytes >= Self.outputBytesMax { try drain() }
    }

    /// - Returns: whether it is a record.
    private mutating func take(
        _ content: RecordBatch.Exception.Content, _ record: Int, of batch: borrowing RecordBatch
    ) throws(ReplayError) -> Bool {
        switch content {
        case .ignored:
            shard.countIgnored()
        case .rejected(let rejection):
            shard.countRejected()
            try write(rejection, record, of: batch)
        case .header:
            shadow?.adoptHeader(batch.line(of: record))
            return false
        }
        return true
    }

    private mutating func learn() throws(ReplayError) {
        let summary = shard.takeSummary()
        shadow?.observe(summary)
        if let model = trainer.absorb(summary) { try adopt(model) }
        if drift != nil { try watch(summary) }
    }

    private mutating func adopt(_ model: SegmentModel) throws(ReplayError) {
        shard.beginAdopting(model)
        while shard.isReassigning {
            shard.reassign(limit: Self.reassignedMax, into: &output)
            try drain()
        }
    }

    private mutating func watch(_ summary: BatchSummary) throws(ReplayError) {
        let written = drift?.absorb(summary, model: trainer.model) ?? []
        for alert in written {
            try alerts?.write(String(decoding: OutputBuffer.json(alert), as: UTF8.self) + "\n")
        }
        switch trainer.respond(to: written, active: drift?.active ?? []) {
        case .nothing: break
        case .reseeded(let model): try adopt(model)
        case .proposed(let model): candidate = model
        }
    }

    private mutating func drain() throws(ReplayError) {
        try changes?.write(&output)
        output.removeAll()
    }

    private mutating func write(
        _ rejection: EventRejection, _ record: Int, of batch: borrowing RecordBatch
    ) throws(ReplayError) {
        if rejects == nil { return }
        let name = Self.baseName(options.files[batch.topic])
        let file = String(decoding: OutputBuffer.escaped(name), as: UTF8.self)
        let detail = String(decoding: OutputBuffer.escaped(rejection.detail), as: UTF8.self)
        let value = unsafe Base64.encoded(UnsafeRawBufferPointer(batch.line(of: record).buffer))
        try rejects?.write(
            "{\"reason\":\"\(rejection.reason.word)\",\"detail\":\"\(detail)\",\"file\":\"\(file)\","
                + "\"line\":\(batch.lineNumbers[record]),\"value\":\"\(value)\"}\n")
    }

    private mutating func updateProgress() {
        progress.counters = shard.counters
        progress.customers = shard.customerCount
        progress.alerts = drift?.raisedCount ?? 0
        progress.modelVersion = trainer.model?.version ?? 0
    }

    private func writeProfiles(to path: String) throws(ReplayError) {
        var sink = try FileSink(path: path)
        var failure: ReplayError?
        let names = plan.definitions.map { String(decoding: OutputBuffer.escaped($0.name), as: UTF8.self) }
        shard.forEachProfile { profile in
            if failure != nil { return }
            do throws(ReplayError) {
                try sink.write(ProfileLine.text(of: profile, featureNames: names))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        try sink.flush()
    }

    /// The last component of a path, as changes name their topic.
    private static func baseName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
