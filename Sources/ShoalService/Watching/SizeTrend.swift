/// Sizes over time, from the first on, in about as many samples as a picture has room for.
///
/// When there is no room left, every second sample goes and the next ones come half as often, until a
/// doubling would span more than a day; then the oldest go.
struct SizeTrend: Sendable {
    struct Sample: Equatable, Sendable {
        /// Epoch milliseconds.
        let at: Int64
        let members: Int
    }

    private static let samplesMax = 60
    private static let spacingMax: Int64 = 86_400_000 / 60

    private(set) var samples: [Sample] = []
    private var spacing: Int64 = 1_000

    mutating func add(members: Int, at now: Int64) {
        if let last = samples.last, now - last.at < spacing { return }
        samples.append(Sample(at: now, members: members))
        guard samples.count > Self.samplesMax else { return }
        if spacing * 2 > Self.spacingMax {
            samples.removeFirst()
        } else {
            samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            spacing *= 2
        }
    }
}
