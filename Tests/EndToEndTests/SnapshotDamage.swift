internal import Foundation
internal import ShoalCore

/// A snapshot's bytes after something has happened to them.
struct SnapshotDamage {
    let what: String
    let bytes: Data

    /// A bit flipped at two hundred places, cut at every hundredth, nothing left, a page zeroed, halves
    /// swapped, and more behind the end.
    static func all(of whole: Data) -> [SnapshotDamage] {
        var damages: [SnapshotDamage] = []
        var random = SeededGenerator(seed: 17)
        for _ in 0..<200 {
            var bytes = whole
            let place = Int(random.next() % UInt64(whole.count))
            bytes[place] ^= 1 << UInt8(random.next() % 8)
            damages.append(SnapshotDamage(what: "flipped at \(place)", bytes: bytes))
        }
        for hundredth in 0..<100 {
            let length = whole.count * hundredth / 100
            damages.append(SnapshotDamage(what: "cut to \(length)", bytes: whole.prefix(length)))
        }
        let page = 4_096
        var zeroed = whole
        let middle = whole.count / 2 / page * page
        zeroed.replaceSubrange(middle..<middle + page, with: Data(repeating: 0, count: page))
        damages.append(SnapshotDamage(what: "a page zeroed", bytes: zeroed))
        let half = whole.count / 2
        damages.append(
            SnapshotDamage(what: "halves swapped", bytes: whole.suffix(from: half) + whole.prefix(half)))
        damages.append(SnapshotDamage(what: "more behind", bytes: whole + Data([0])))
        return damages
    }
}
