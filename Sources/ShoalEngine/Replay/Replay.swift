package import ShoalCore

/// Runs files of events through one shard and its trainer, in one thread: the same input gives the same
/// bytes.
package struct Replay: ~Copyable {
    /// Records between two reports of progress.
    private static let recordsPerReport = 16_384
    /// Bytes of changes that are gathered before they are written.
    private static let outputBytesMax = 1 << 16
    /// Customers assigned before the changes of a structural change are written.
    private static let reassignedMax = 1_024

    private let options: ReplayOptions
    private let plan: FeaturePlan
    private var shard: Shard
    private var trainer: Trainer
    private var drift: DriftWatch?
    /// Decodes the next record.
    private var source: SourceDecoder
    /// Holds an event that is decoded and will be taken in once the next one is decoded too, so that its
    /// profile comes from memory meanwhile.
    private var holder: SourceDecoder
    /// Where the event that waits came from; `nil` if none does.
    private var waiting: EventPosition?
    /// The newest model that drift has led to and nobody has approved of.
    package private(set) var candidate: SegmentModel?
    private var output = OutputBuffer()
    private var changes: FileSink?
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
        shard = Shard(plan: plan, settings: settings)
        source = SourceDecoder(
            EventDecoder(source: options.source, schema: plan.schema, limits: options.limits))
        holder = SourceDecoder(
            EventDecoder(source: options.source, schema: plan.schema, limits: options.limits))
        if let model = options.resumedModel {
            trainer = Trainer(
                features: options.features, planHash: plan.hash, settings: options.model, resuming: model)
            shard.adopt(model, into: &output)
        } else {
            trainer = Trainer(features: options.features, planHash: plan.hash, settings: options.model)
        }
        if let chosen = options.shadow { shadow = ReplayShadow(chosen, of: options, hash: hash) }
        if options.model.driftResponse != .ignore {
            drift = DriftWatch(features: options.features, resuming: options.resumedModel)
        }
        changes = if let path = options.changesPath { try FileSink(path: path) } else { nil }
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
        var isWanted = true
        for (index, path) in options.files.enumerated() where isWanted {
            var file = try RecordFile.open(path: path)
            progress.bytesTotal = file.bytesOnDisk
            source.decoder.beginFile()
            holder.decoder.beginFile()
            shadow?.beginFile()
            isWanted = try read(&file, topic: index, report: report)
        }
        try drain()
        try changes?.flush()
        try alerts?.flush()
        try rejects?.flush()
        if let path = options.profilesPath { try writeProfiles(to: path) }
        trainer.refreshNames()
        shadowReport = shadow?.report(against: shard, model: trainer.model)
        updateProgress()
        _ = report(progress)
        return progress
    }

    private mutating func read(
        _ file: inout RecordFile, topic: Int, report: (ReplayProgress) -> Bool
    ) throws(ReplayError) -> Bool {
        var untilReport = Self.recordsPerReport
        var needsHeader = source.decoder.needsHeader
        while let line = try file.next() {
            if line.isBlank { continue }
            if needsHeader {
                try adoptHeader(line, path: file.path)
                shadow?.adoptHeader(line)
                needsHeader = false
                continue
            }
            let position = EventPosition(topic: topic, partition: 0, offset: Int64(line.number - 1))
            try take(line, at: position)
            if shadow != nil {
                try absorbWaiting()
                shadow?.take(line, at: position)
                shadow?.compare(with: shard)
            }
            untilReport -= 1
            if untilReport == 0 {
                untilReport = Self.recordsPerReport
                try absorbWaiting()
                progress.bytesRead = file.bytesRead
                updateProgress()
                if !report(progress) { return false }
            }
        }
        try absorbWaiting()
        progress.bytesRead = file.bytesRead
        return true
    }

    private mutating func take(_ line: RecordFile.Line, at position: EventPosition) throws(ReplayError) {
        var outcome = decode(line)
        var announced: UInt64 = 0
        if case .event = outcome { announced = shard.announce(source.decoder.event) }
        try absorbWaiting()
        switch outcome {
        case .event:
            shard.fetchProfile(announced)
        case .rejected(let rejection) where rejection.reason == .timestampInFuture:
            // The event that waited may have brought stream time so far that this one is not ahead any more.
            outcome = decode(line)
        default: break
        }
        switch outcome {
        case .event:
            waiting = position
            swap(&source, &holder)
            // A line's bytes do not outlive it.
            if holder.decoder.lendsRecord { try absorbWaiting() }
        case .ignored:
            shard.countIgnored()
        case .rejected(let rejection):
            shard.countRejected()
            try write(rejection, line, topic: position.topic)
        }
    }

    @inline(__always)
    private func decode(_ line: RecordFile.Line) -> DecodeOutcome {
        let lead = EventLimits.replayLeadMillisecondsMax
        let streamTime = shard.streamTimeMilliseconds
        return unsafe source.decoder.decode(
            line.bytes, isPadded: true, recordTimestampMilliseconds: nil,
            latestMilliseconds: streamTime == .min ? .max : streamTime + lead)
    }

    @inline(__always)
    private mutating func absorbWaiting() throws(ReplayError) {
        guard let position = waiting else { return }
        waiting = nil
        let now = max(shard.streamTimeMilliseconds, holder.decoder.event.timestampMilliseconds)
        _ = shard.absorb(holder.decoder.event, at: position, now: now, into: &output)
        if shard.summaryIsDue(now: shard.streamTimeMilliseconds) { try learn() }
        if output.bytes >= Self.outputBytesMax { try drain() }
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

    private mutating func adoptHeader(_ line: RecordFile.Line, path: String) throws(ReplayError) {
        do throws(HeaderError) {
            unsafe try source.decoder.adoptHeader(line.bytes)
            unsafe try holder.decoder.adoptHeader(line.bytes)
        } catch {
            throw .badHeader(path: path, detail: error.description)
        }
    }

    private mutating func drain() throws(ReplayError) {
        if changes != nil {
            var failure: ReplayError?
            unsafe output.forEach { _, _, value in
                guard failure == nil, let value = unsafe value else { return }
                do throws(ReplayError) {
                    unsafe try changes?.write(value)
                    changes?.write(UInt8(ascii: "\n"))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
        }
        output.removeAll()
    }

    private mutating func write(
        _ rejection: EventRejection, _ line: RecordFile.Line, topic: Int
    ) throws(ReplayError) {
        if rejects == nil { return }
        let file = String(decoding: OutputBuffer.escaped(Self.baseName(options.files[topic])), as: UTF8.self)
        let detail = String(decoding: OutputBuffer.escaped(rejection.detail), as: UTF8.self)
        let value = unsafe Base64.encoded(line.bytes)
        try rejects?.write(
            "{\"reason\":\"\(rejection.reason.word)\",\"detail\":\"\(detail)\",\"file\":\"\(file)\","
                + "\"line\":\(line.number),\"value\":\"\(value)\"}\n")
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
