/// Counts events by type for the next summary; the first 31 types of a partition are told apart.
struct EventTypeCounter {
    static let namesMax = 31
    /// Longer names are counted with the others.
    static let nameBytesMax = 64

    private var firstWords: [UInt64] = []
    private var names: [[UInt8]] = []
    private var counts: [Int] = []
    private var others = 0

    @inline(__always)
    mutating func count(_ name: LentBytes) {
        let firstWord = name.firstWord
        for index in firstWords.indices where firstWords[index] == firstWord {
            if name.count <= 8 ? names[index].count == name.count : name.equals(names[index]) {
                counts[index] += 1
                return
            }
        }
        countNew(name, firstWord: firstWord)
    }

    private mutating func countNew(_ name: LentBytes, firstWord: UInt64) {
        guard names.count < Self.namesMax, name.count <= Self.nameBytesMax else {
            others += 1
            return
        }
        firstWords.append(firstWord)
        names.append(unsafe Array(name.buffer))
        counts.append(1)
    }

    /// Hands the counts out, in order of first appearance, and starts anew.
    mutating func take() -> [BatchSummary.EventTypeCount] {
        var taken: [BatchSummary.EventTypeCount] = []
        for index in names.indices where counts[index] > 0 {
            taken.append(.init(name: String(decoding: names[index], as: UTF8.self), count: counts[index]))
            counts[index] = 0
        }
        if others > 0 { taken.append(.init(name: BatchSummary.EventTypeCount.otherName, count: others)) }
        others = 0
        return taken
    }
}
