/// How rows of one feature plan become rows of another.
///
/// Features with the same name and definition keep what they have accumulated, others start empty. Where a
/// new feature shares an accumulator with one that is kept, it shares what is in it too.
package struct PlanTransition: Sendable {
    /// Names of features that go on, that start empty, and that are no more.
    package private(set) var kept: [String] = []
    package private(set) var started: [String] = []
    package private(set) var dropped: [String] = []
    /// For each 32-bit word of an old row its byte offset in a new one, −1 where it is dropped.
    private(set) var offsets: [Int]

    init(from old: SnapshotPlan, to new: SnapshotPlan) {
        offsets = Array(repeating: -1, count: old.layout.stride / 4)
        let header = ProfileRow.Offset.end / 4
        for word in 0..<header { offsets[word] = word * 4 }
        if old.layout.lastChange != 0, new.layout.lastChange != 0 {
            map(old.layout.lastChange, to: new.layout.lastChange, words: 2)
        }
        for feature in new.features {
            guard
                let before = old.features.first(where: {
                    $0.name == feature.name && $0.definitionHash == feature.definitionHash
                        && $0.accumulators.count == feature.accumulators.count
                        && $0.times.count == feature.times.count
                        && $0.sketches.count == feature.sketches.count
                })
            else {
                started.append(feature.name)
                continue
            }
            kept.append(feature.name)
            for (source, target) in zip(before.accumulators, feature.accumulators) {
                map(
                    old.layout.accumulators + 4 * Int(source),
                    to: new.layout.accumulators + 4 * Int(target), words: 1)
            }
            for (source, target) in zip(before.times, feature.times) {
                map(old.layout.times + 8 * Int(source), to: new.layout.times + 8 * Int(target), words: 2)
            }
            for (source, target) in zip(before.sketches, feature.sketches) {
                map(
                    old.layout.sketches + 16 * Int(source), to: new.layout.sketches + 16 * Int(target),
                    words: 4)
            }
        }
        let names = Set(kept)
        dropped = old.features.map(\.name).filter { !names.contains($0) }
    }

    package var isChange: Bool { !started.isEmpty || !dropped.isEmpty }

    private mutating func map(_ source: Int, to target: Int, words: Int) {
        for word in 0..<words { offsets[source / 4 + word] = target + 4 * word }
    }
}
