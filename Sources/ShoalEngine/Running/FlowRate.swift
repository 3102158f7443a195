/// How many customers come to a segment, how many go, and how restless that makes it.
package struct FlowRate: Equatable, Sendable {
    /// Per minute of real time.
    package var enteredPerMinute = 0.0
    /// Per minute of real time.
    package var leftPerMinute = 0.0
    /// (entered + left) / size, per day of event time.
    package var volatilityPerDay = 0.0

    package init(enteredPerMinute: Double = 0, leftPerMinute: Double = 0, volatilityPerDay: Double = 0) {
        self.enteredPerMinute = enteredPerMinute
        self.leftPerMinute = leftPerMinute
        self.volatilityPerDay = volatilityPerDay
    }
}
