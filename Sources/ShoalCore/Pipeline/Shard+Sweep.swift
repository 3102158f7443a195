/// Re-evaluation as time passes: who stops acting changes too, by fading and by the time since.
///
/// A cursor goes round the rows in order of first appearance, in steps of a fixed part of `sweep_interval` in
/// stream time, so that there is no moment at which everybody is looked at. It depends on events and settings
/// alone, so it also goes round before the first model, when nobody is moved: a shard that is made again from
/// its events, without knowing when a model came, finds its cursor where it was. After a jump of time
/// everybody is due at once, and the next events each take a part of the work.
extension Shard {
    /// Steps in which a round is made.
    private static let sweepSteps: Int64 = 1_024
    /// Rows looked at with one event: about a millisecond of work.
    private static let rowsPerEventMax = 1_024
    /// Sixteenths of `sweep_interval` that a round takes, so that new customers do not make it late.
    private static let sweepSixteenths: Int64 = 15

    private var sweepStepMilliseconds: Int64 { max(1, settings.model.sweepInterval / Self.sweepSteps) }

    /// Whether stream time has come so far that some profiles should be looked at.
    @inline(__always)
    var sweepIsDue: Bool {
        sweptMilliseconds == .max || rowsDue > 0
            || streamTimeMilliseconds &- sweptMilliseconds >= sweepStepMilliseconds
    }

    /// Looks at the profiles whose turn has come.
    ///
    /// - Parameters:
    ///   - spared: A row whose customer is acting just now.
    ///   - output: Gets the changes that time causes.
    /// - Complexity: O(k·d) for each of at most `rowsPerEventMax` customers.
    mutating func sweep(sparing spared: Int, into output: inout OutputBuffer) {
        guard sweptMilliseconds != .max else {
            sweptMilliseconds = streamTimeMilliseconds
            return
        }
        let elapsed = streamTimeMilliseconds - sweptMilliseconds
        sweptMilliseconds = streamTimeMilliseconds
        let rows = profiles.rowCount
        let round = max(1, settings.model.sweepInterval / 16 * Self.sweepSixteenths)
        if elapsed < round {
            let (debt, isOverflow) = elapsed.multipliedReportingOverflow(by: Int64(rows))
            sweepDebt += isOverflow ? round : min(debt, .max / 2)
            rowsDue = min(rows, rowsDue + Int(sweepDebt / round))
            sweepDebt %= round
        } else {
            rowsDue = rows
        }
        let taken = min(rowsDue, Self.rowsPerEventMax)
        rowsDue -= taken
        let untilEnd = min(taken, rows - min(sweepRow, rows))
        look(at: sweepRow..<sweepRow + untilEnd, sparing: spared, cause: .time, into: &output)
        look(at: 0..<taken - untilEnd, sparing: spared, cause: .time, into: &output)
        sweepRow = untilEnd < taken ? taken - untilEnd : sweepRow + untilEnd
    }
}
