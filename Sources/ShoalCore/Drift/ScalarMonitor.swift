internal import Glibc

/// Watches one number of the whole stream: the fit, the rate of moves, that of rejects or the lag.
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
    private let isRare: Bool
    private var cells: CellBuilder
    private var level: LevelMonitor

    /// The smallest fit or lag in seconds that is told from none.
    private static let valueMin = 1e-3
    /// What is rare is counted over so many times as many vectors: one in a hundred is then 41 to a cell.
    private static let rareFactor = 16.0

    /// - Parameters:
    ///   - monitor: What findings say they are from.
    ///   - scale: On which levels are compared.
    ///   - effectMin: How much the level must move, on that scale.
    ///   - settings: Those of all monitors.
    ///   - reference: What the level is compared with.
    ///   - isRare: Whether the number is the rate of something that most vectors do not do.
    init(
        monitor: DriftFinding.Monitor, scale: Scale, effectMin: Double, settings: DriftSettings,
        reference: WeekLevels.Reference = .fixed, isRare: Bool = false
    ) {
        self.monitor = monitor
        self.scale = scale
        self.isRare = isRare
        cells = CellBuilder(settings: settings, factor: isRare ? Self.rareFactor : 1)
        // A cell's rate of rejects is coarse: one record in 256.
        level = LevelMonitor(
            effectMin: effectMin, settings: settings, reference: reference, unit: 1,
            cellScaleMin: scale == .linear ? 0.004 : 0.01)
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
        let variance = scale == .linear ? cell.mean * max(1 - cell.mean, 0) : 0
        switch level.absorb(scaled(cell), count: cell.count, variance: variance, at: cell.time) {
        case .nothing: return nil
        case .moving: return .continuation(of: monitor, key: "", level: plain(level.level))
        case .changed(let change):
            restart()
            let isLinear = scale == .linear
            return DriftFinding(
                monitor: monitor, key: "", subject: monitor.rawValue,
                direction: change.effect > 0 ? .up : .down,
                size: isLinear ? change.effect.magnitude : DriftValue.factor(change.effect.magnitude),
                statistic: change.detector == .pageHinkley ? .pageHinkleyMean : .adaptiveWindowMean,
                threshold: isLinear ? change.threshold : DriftValue.factor(change.threshold),
                reference: plain(change.reference), current: plain(change.current), severity: .warning)
        }
    }

    private func scaled(_ cell: CellBuilder.Cell) -> Double {
        guard scale == .logarithmic else { return cell.mean }
        // Half a count more, as population stability has it, so that none has a logarithm too.
        if isRare { return log(cell.mean + PopulationStability.smoothing / cell.count) }
        return log(max(cell.mean, Self.valueMin))
    }

    private func plain(_ value: Double) -> Double { scale == .linear ? value : DriftValue.factor(value) }
}
