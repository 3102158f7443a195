/// Work that was lost again and again: how long to rest before it is done once more, and when to give up.
package struct LossStreak: Equatable, Sendable {
    private static let restMillisecondsMin: Int64 = 1_000
    private static let restMillisecondsMax: Int64 = 10_000

    private let max: Int
    private var count = 0

    /// - Parameter max: losses in a row before it gives up; with the rests in between, 8 are three quarters
    ///   of a minute.
    package init(max: Int = 8) {
        precondition(max > 0, "A bound is positive.")
        self.max = max
    }

    package var hasGivenUp: Bool { count > max }

    /// Nothing after the first loss, then a second, doubled each time up to ten.
    package var restMilliseconds: Int64 {
        guard count > 1 else { return 0 }
        return Swift.min(Self.restMillisecondsMin << Int64(count - 2), Self.restMillisecondsMax)
    }

    package mutating func lose() { count += 1 }

    /// Something was made final.
    package mutating func end() { count = 0 }
}
