internal import ShoalCore

/// Reads `batch:`.
struct BatchSection {
    static func read(_ map: MapReader?, into settings: inout BatchSettings) {
        guard let map else { return }
        if let size = map.take("size")?.integer(in: 1...1_000_000, example: "size: 1024") {
            settings.size = size
        }
        let hour: Int64 = 3_600_000
        if let interval = map.take("interval")?.duration(in: 1...hour, example: "interval: 200ms") {
            settings.interval = interval
        }
        map.finish()
    }
}
