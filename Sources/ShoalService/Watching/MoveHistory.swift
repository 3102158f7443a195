internal import ShoalCore

/// Who went from where to where over the last hours, by the minute.
struct MoveHistory: Sendable {
    private struct Minute {
        /// When it began, epoch milliseconds.
        let start: Int64
        var moves: SegmentMoves
    }

    private static let length: Int64 = 60_000
    static let minutesMax = 24 * 60

    /// Oldest first, each with what was counted in it.
    private var minutes: [Minute] = []
    /// Counts since the start, when they were last taken in.
    private var latest = SegmentMoves()

    /// Takes in the counts since the start.
    mutating func add(_ moves: SegmentMoves, at now: Int64) {
        let recent = moves - latest
        latest = moves
        if let last = minutes.indices.last, now - minutes[last].start < Self.length {
            minutes[last].moves = minutes[last].moves + recent
        } else {
            minutes.append(Minute(start: now, moves: recent))
        }
        if minutes.count > Self.minutesMax { minutes.removeFirst() }
    }

    /// What has been counted in the last minutes, and since when.
    func moves(minutes count: Int, now: Int64) -> (since: Int64, moves: SegmentMoves) {
        let recent = minutes.filter { now - $0.start < Int64(count) * Self.length }
        return (recent.first?.start ?? now, recent.reduce(SegmentMoves()) { $0 + $1.moves })
    }
}
