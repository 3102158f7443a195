internal import ShoalCore

/// Reads `holdout:`.
struct HoldoutSection {
    /// Both groups have somebody.
    private static let shares = 0.0001...0.9999

    static func read(_ map: MapReader?) -> Holdout? {
        guard let map else { return nil }
        let share = map.require("share", example: "share: 10%")?.share(in: shares, example: "share: 10%")
        let salt = map.take("salt")?.text(example: "salt: spring")
        map.finish()
        return share.map { Holdout(share: $0, salt: salt ?? "") }
    }
}
