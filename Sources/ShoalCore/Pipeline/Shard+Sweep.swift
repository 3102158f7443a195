/// Re-evaluation as time passes: who stops acting changes too, by fading and by the time since.
///
/// A cursor goes round the rows in order of first appearance, in steps of a fixed part of `sweep_interval` in
/// stream time, so that there is no moment at which everybody is looked at. It depends on events and settings
/// alone. After a jump of time everybody is looked at once, however long it was.
extension Shard {
    /// Steps in which a round is made.
    private static let sweepSteps: Int64 = 1_024
    /// Sixteenths of `sweep_interval` that a round takes, so that new customers do not make it late.
    private static let sweepSixteenths: Int64 = 15

    private var sweepStepMilliseconds: Int64 { max(1, settings.model.sweepInterval / Self.sweepSteps) }

    /// Whether stream time has come so far that some profiles should be looked at.
    @inline(__always)
    var sweepIsDue: Bool {
        sweptMilliseconds == .max || streamTimeMilliseconds &- sweptMilliseconds >= sweepStepMilliseconds
    }

    /// Looks at the profiles whose turn has come.
    ///
    /// - Parameters:
    ///   - spared: A row whose customer is acting just now.
    ///   - output: Gets the changes that time causes.
    /// - Complexity: O(customers · k·d / steps) for each step of time that has passed.
    mutating func sweep(sparing spared: Int, into output: inout OutputBuffer) {
        guard sweptMilliseconds != .max, active.segmentCount > 0 else {
            sweptMilliseconds = streamTimeMilliseconds
            return
        }
        let elapsed = streamTimeMilliseconds - sweptMilliseconds
        sweptMilliseconds = streamTimeMilliseconds
        let rows = profiles.rowCount
        let round = max(1, settings.model.sweepInterval / 16 * Self.sweepSixteenths)
        var due = rows
        if elapsed < round {
            let (debt, isOverflow) = elapsed.multipliedReportingOverflow(by: Int64(rows))
            sweepDebt += isOverflow ? round : min(debt, .max / 2)
            due = min(rows, Int(sweepDebt / round))
            sweepDebt %= round
        } else {
            sweepRow = 0
        }
        swap(&sweepBatch, &batch)
        for _ in 0..<due {
            if sweepRow >= rows { sweepRow = 0 }
            let row = profiles.row(at: sweepRow)
            if sweepRow != spared, isSwept(row) {
                let slot = batch.slot(forRow: sweepRow, now: 0)
                fillVector(of: row, slot: slot)
                evaluate(sweepRow, slot: slot, cause: .time, into: &output)
                batch.removeAll()
            }
            sweepRow += 1
        }
        swap(&sweepBatch, &batch)
    }

    private func isSwept(_ row: ProfileRow) -> Bool {
        !row.isRemoved && !row.isFrozen && row.newestMilliseconds != .min
            && (row.segmentID != 0 || isKnown(row))
    }
}
