internal import ShoalCore

/// A file of changes, as the thread that writes it holds it.
// Unchecked, because only that thread uses it once it is made.
final class ChangeFile: @unchecked Sendable {
    private var sink: FileSink
    private var failure: ReplayError?

    init(_ sink: consuming FileSink) { self.sink = sink }

    func writeAll(from exchange: Exchange<OutputBatch>) {
        while var batch = exchange.takeFull() {
            if failure == nil {
                do throws(ReplayError) {
                    try write(batch)
                } catch {
                    failure = error
                }
            }
            batch.output.removeAll()
            batch.failure = failure
            let isLast = batch.isLast
            exchange.put(empty: batch)
            if isLast { return }
        }
    }

    private func write(_ batch: borrowing OutputBatch) throws(ReplayError) {
        var failure: ReplayError?
        unsafe batch.output.forEach { _, _, value in
            guard failure == nil, let value = unsafe value else { return }
            do throws(ReplayError) {
                unsafe try sink.write(value)
                sink.write(UInt8(ascii: "\n"))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if batch.isLast { try sink.flush() }
    }
}
