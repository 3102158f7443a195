internal import ShoalCore

/// Reads `limits:`.
struct LimitSection {
    static func read(_ map: MapReader?, into settings: inout LimitSettings) {
        guard let map else { return }
        if let bytes = map.take("record_bytes")?.size(in: 64...(64 << 20), example: "record_bytes: 256KiB") {
            settings.events.recordBytesMax = bytes
        }
        // simdjson's own bound is 1,024.
        if let depth = map.take("depth")?.integer(in: 1...1_000, example: "depth: 32") {
            settings.events.depthMax = depth
        }
        if let fields = map.take("fields")?.integer(in: 3...100_000, example: "fields: 64") {
            settings.events.fieldsMax = fields
        }
        if let items = map.take("items")?.integer(in: 0...100_000, example: "items: 1000") {
            settings.events.itemsMax = items
        }
        if let bytes = map.take("id_bytes")?.size(in: 1...65_535, example: "id_bytes: 256B") {
            settings.events.idBytesMax = bytes
        }
        let durationMax = ModelSection.durationMax
        if let future = map.take("max_future")?.duration(in: 0...durationMax, example: "max_future: 1h") {
            settings.events.futureMillisecondsMax = future
            settings.checksFutureInReplay = true
        }
        let customers = map.take("max_customers")
        if let maximum = customers?.integer(in: 1...4_000_000_000, example: "max_customers: 10000000") {
            settings.customersMax = maximum
        }
        if let expiry = map.take("idle_expiry")?.duration(
            in: 1_000...durationMax, example: "idle_expiry: 400d")
        {
            settings.idleExpiryMilliseconds = expiry
        }
        map.finish()
    }
}
