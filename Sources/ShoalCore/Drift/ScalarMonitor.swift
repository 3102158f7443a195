internal import Glibc

/// Watches one number of the whole stream: the fit, the rate of rejects or the lag.
struct ScalarMonitor: Equatable, Sendable {
    /// On which scale levels are compared.
    enum Scale: Equatable, Sendable {
        /// As they are; sizes are differences.
        case linear
        /// By their logarithm; sizes are factors.
        case logarithmic
    }

    private let monitor: DriftFinding.Monitor
    private let scale: Scale
    private var cells: CellBuilder
    private var level: LevelMonitor

    /// The smallest fit or lag in seconds that is told from none.
    private static let valueMin = 1e-3

    init(monitor: DriftFinding.Monitor, scale: Scale, effectMin: Double, settings: DriftSettings) {
        self.monitor = monitor
        self.scale = scale
        cells = CellBuilder(settings: settings)
        // A cell's rate of rejects is coarse: one record in 256.
        level = LevelMonitor(
            effectMin: effectMin, settings: settings, unit: 1, cellScaleMin: scale == .linear ? 0.004 : 0.01)
    }

    /// Learns what is usual anew.
    mutating func restart() {
        cells.removeAll()
        level.restart()
    }

    /// Takes a batch's mean over `count` vectors or records.
    mutating func absorb(count: Double, mean: Double, at time: Int64) -> DriftFinding? {
        guard DriftValue.isUsable(mean), mean >= 0,
            let cell = cells.absorb(count: count, mean: mean, squaredDeviations: 0, at: time)
        else { return nil }
        let value = scale == .linear ? cell.mean : log(max(cell.mean, Self.valueMin))
        let variance = scale == .linear ? cell.mean * max(1 - cell.mean, 0) : 0
        switch level.absorb(value, count: cell.count, variance: variance, at: cell.time) {
        case .nothing: return nil
        case .moving: return .continuation(of: monitor, key: "", level: plain(level.level))
        case .changed(let change):
            restart()
            let isLinear = scale == .linear
            return DriftFinding(
                monitor: monitor, key: "", subject: monitor.rawValue,
                direction: change.effect > 0 ? .up : .down,
                size: isLinear ? change.effect.magnitude : exp(change.effect.magnitude),
                statistic: change.detector == .pageHinkley ? .pageHinkleyMean : .adaptiveWindowMean,
                threshold: isLinear ? change.threshold : exp(change.threshold),
                reference: plain(change.reference), current: plain(change.current), severity: .warning)
        }
    }

    private func plain(_ value: Double) -> Double { scale == .linear ? value : exp(value) }
}
