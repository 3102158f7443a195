internal import Foundation
internal import ShoalCore

/// Reads files and decodes their records in a thread of its own, ahead of the shard that takes them in.
struct RecordReader: ~Copyable {
    /// What is taken in within 5 ms or so, for which the reader may have to wait for a processor.
    private static let batchCount = 16

    private let files: [String]
    private let exchange: Exchange<RecordBatch>
    private var decoder: EventDecoder
    /// Whether the next line names columns; asking the decoder for each line would copy it.
    private var awaitsHeader = false

    /// Starts to read.
    ///
    /// - Parameters:
    ///   - files: as `ReplayOptions.files`.
    ///   - source: what their records look like.
    ///   - plan: whose fields the events carry along.
    ///   - limits: what is too large.
    ///   - keepsLines: whether the lines themselves are wanted, and not only what they say.
    /// - Returns: where the batches come from. The last one says that it is, and why if there was an error.
    static func start(
        files: [String], source: SourceMapping, plan: FeaturePlan, limits: EventLimits, keepsLines: Bool
    ) -> Exchange<RecordBatch> {
        let exchange = Exchange(count: batchCount, toldAtOnce: batchCount / 4) {
            RecordBatch(plan: plan, keepsLines: keepsLines)
        }
        let thread = Thread {
            var reader = RecordReader(
                files: files, exchange: exchange,
                decoder: EventDecoder(source: source, schema: plan.schema, limits: limits))
            reader.run()
        }
        thread.name = "shoal reader"
        thread.start()
        return exchange
    }

    private init(
        files: [String], exchange: Exchange<RecordBatch>, decoder: consuming EventDecoder
    ) {
        self.files = files
        self.exchange = exchange
        self.decoder = decoder
    }

    private mutating func run() {
        var failure: ReplayError?
        do throws(ReplayError) {
            for topic in files.indices {
                guard try read(topic) else { return }
            }
        } catch {
            failure = error
        }
        guard var last = exchange.takeEmpty() else { return }
        last.begin(topic: files.endIndex)
        last.isLast = true
        last.failure = failure
        exchange.put(full: last)
    }

    /// - Returns: whether anybody wants more.
    private mutating func read(_ topic: Int) throws(ReplayError) -> Bool {
        var file = try RecordFile.open(path: files[topic])
        decoder.beginFile()
        awaitsHeader = decoder.needsHeader
        var isAtEnd = false
        var beginsFile = true
        while !isAtEnd {
            guard var batch = exchange.takeEmpty() else { return false }
            batch.begin(topic: topic)
            batch.beginsFile = beginsFile
            beginsFile = false
            batch.bytesTotal = file.bytesOnDisk
            do throws(ReplayError) {
                isAtEnd = try fill(&batch, from: &file)
            } catch {
                // What came before the error counts.
                exchange.put(full: batch)
                throw error
            }
            batch.bytesRead = file.bytesRead
            exchange.put(full: batch)
        }
        return true
    }

    /// Reads until the batch is full or, if something is in it, more would have to be waited for.
    ///
    /// - Returns: whether the file has come to its end.
    private mutating func fill(
        _ batch: inout RecordBatch, from file: inout RecordFile
    ) throws(ReplayError) -> Bool {
        while !batch.isFull {
            if let line = file.nextAtHand() {
                try take(line, of: file.path, into: &batch)
            } else if !batch.isEmpty {
                return false
            } else if let line = try file.next() {
                try take(line, of: file.path, into: &batch)
            } else {
                return true
            }
        }
        return false
    }

    @inline(__always)
    private mutating func take(
        _ line: RecordFile.Line, of path: String, into batch: inout RecordBatch
    ) throws(ReplayError) {
        if line.isBlank { return }
        if awaitsHeader {
            do throws(HeaderError) {
                unsafe try decoder.adoptHeader(line.bytes)
            } catch {
                throw .badHeader(path: path, detail: error.description)
            }
            awaitsHeader = decoder.needsHeader
            batch.append(.header, line)
            return
        }
        // The learner alone knows how far ahead of stream time an event may be, and sees to it.
        let outcome = unsafe decoder.decode(
            line.bytes, isPadded: true, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
        switch outcome {
        case .event: batch.append(decoder.event, line)
        case .ignored: batch.append(.ignored, line)
        case .rejected(let rejection): batch.append(.rejected(rejection), line)
        }
    }
}
