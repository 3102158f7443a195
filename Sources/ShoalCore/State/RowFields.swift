/// The parts of a row in the order in which a snapshot has them, and how it tells each.
enum RowFields {
    enum Field: Equatable {
        /// Four bytes, byte by byte.
        case word(offset: Int)
        /// A Float32.
        case number(offset: Int)
        /// Eight bytes, told by another time.
        case time(offset: Int, reference: Reference)
        /// The last event ids' fingerprints, as good as random, of which the first so many are there.
        case fingerprints(offset: Int)
        /// Sixteen bytes of which few bits are set.
        case sketch(offset: Int)

        var byteCount: Int {
            switch self {
            case .word, .number: 4
            case .time: 8
            case .fingerprints: 4 * ProfileRow.eventIDsMax
            case .sketch: 16
            }
        }
    }

    enum Reference {
        /// The shard's stream time.
        case stream
        /// The same field of the row before; rows lie in order of first appearance.
        case rowBefore
        /// The row's own newest event, which comes before whatever refers to it.
        case newest
    }

    static func of(_ layout: ProfileLayout) -> [Field] {
        var special: [Int: Field] = [:]
        func note(time offset: Int, _ reference: Reference) {
            special[offset] = .time(offset: offset, reference: reference)
        }
        note(time: ProfileRow.Offset.newest, .stream)
        note(time: ProfileRow.Offset.firstSeen, .rowBefore)
        special[ProfileRow.Offset.eventIDs] = .fingerprints(offset: ProfileRow.Offset.eventIDs)
        for slot in 0..<layout.accumulatorCount {
            let offset = layout.accumulators + 4 * slot
            special[offset] = .number(offset: offset)
        }
        for time in 0..<layout.timeCount { note(time: layout.times + 8 * time, .newest) }
        for sketch in 0..<layout.sketchCount {
            let offset = layout.sketches + 16 * sketch
            special[offset] = .sketch(offset: offset)
        }
        if layout.lastChange != 0 { note(time: layout.lastChange, .stream) }
        var fields: [Field] = []
        var offset = 0
        while offset < layout.stride {
            let field = special[offset] ?? .word(offset: offset)
            fields.append(field)
            offset += field.byteCount
        }
        return fields
    }
}
