internal import Foundation
internal import ShoalCore

/// Writes records to a file, one line each, in a thread of its own.
struct ChangeWriter: ~Copyable {
    /// One that is being written, one that waits.
    private static let batchCount = 2

    private let exchange: Exchange<OutputBatch>

    /// - Throws: `ReplayError.cannotOpen`.
    init(path: String) throws(ReplayError) {
        let exchange = Exchange(count: Self.batchCount) { OutputBatch() }
        let file = ChangeFile(try FileSink(path: path))
        let thread = Thread { file.writeAll(from: exchange) }
        thread.name = "shoal writer"
        thread.start()
        self.exchange = exchange
    }

    deinit { exchange.stop() }

    /// Takes the records over and leaves none behind.
    ///
    /// - Throws: what went wrong with records taken before.
    mutating func write(_ output: inout OutputBuffer) throws(ReplayError) {
        try hand(&output, isLast: false)
    }

    /// Waits until everything is in the file.
    mutating func finish() throws(ReplayError) {
        var nothing = OutputBuffer(defersReasons: true)
        try hand(&nothing, isLast: true)
        for _ in 0..<Self.batchCount {
            guard let batch = exchange.takeEmpty() else { return }
            if let failure = batch.failure { throw failure }
        }
    }

    private func hand(_ output: inout OutputBuffer, isLast: Bool) throws(ReplayError) {
        guard var batch = exchange.takeEmpty() else { return }
        if let failure = batch.failure { throw failure }
        swap(&batch.output, &output)
        batch.isLast = isLast
        exchange.put(full: batch)
    }
}
