internal import ShoalCore

/// How many customers went from each segment to each other.
struct TransitionsView: Encodable {
    struct Cell: Encodable {
        @Null var from: String?
        @Null var to: String?
        let count: Int
    }

    let minutes: Int
    let since: String
    let changes: Int
    let cells: [Cell]

    init(minutes: Int, watch: EngineWatch) {
        let (since, moves) = watch.moves(minutes: minutes)
        var cells: [Cell] = []
        moves.forEach { from, to, count in
            cells.append(Cell(from: SegmentView.label(from), to: SegmentView.label(to), count: count))
        }
        self.minutes = minutes
        self.since = OutputBuffer.timeText(since)
        self.cells = cells
        changes = cells.reduce(0) { $0 + $1.count }
    }
}
