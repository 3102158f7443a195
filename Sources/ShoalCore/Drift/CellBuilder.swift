/// Gathers batches into cells of comparable size, the unit that detectors look at.
struct CellBuilder: Equatable, Sendable {
    /// Moments of some consecutive vectors.
    struct Cell: Equatable, Sendable {
        var count: Double
        var mean: Double
        /// Sum of squared deviations from the mean.
        var squaredDeviations: Double
        /// Mean stream time of the vectors, epoch milliseconds.
        var time: Int64

        /// Variance of one value; 0 if there are fewer than two.
        var variance: Double { count > 1 ? squaredDeviations / (count - 1) : 0 }
    }

    private let settings: DriftSettings
    /// How many times as many vectors a cell holds.
    private let factor: Double
    private var count = 0.0
    private var mean = 0.0
    private var squaredDeviations = 0.0
    private var start: Int64 = 0
    private var elapsed = 0.0
    /// When the batch before came; a batch lasts from there to its own time, but no longer than an hour.
    private var newest: Int64?
    private static let batchMillisecondsMax: Int64 = 3_600_000

    init(settings: DriftSettings, factor: Double = 1) {
        self.settings = settings
        self.factor = factor
    }

    /// Adds a batch and returns the cell that it completes, if any.
    ///
    /// Batches merge by Chan, Golub, LeVeque 1979, equation 2.1.
    mutating func absorb(
        count added: Double, mean batchMean: Double, squaredDeviations batchDeviations: Double, at time: Int64
    ) -> Cell? {
        guard added > 0 else { return nil }
        let begin = max(newest ?? time, time - Self.batchMillisecondsMax)
        newest = time
        if count == 0 { start = begin }
        let total = count + added
        let difference = batchMean - mean
        mean += difference * added / total
        squaredDeviations += batchDeviations + difference * difference * count * added / total
        count = total
        elapsed += added * (Double(begin - start) + Double(time - begin) / 2)
        let isLong = time - start >= settings.cellMilliseconds
        guard
            count >= factor * settings.cellVectorsMax || (isLong && count >= factor * settings.cellVectorsMin)
        else {
            return nil
        }
        let cell = Cell(
            count: count, mean: mean, squaredDeviations: squaredDeviations,
            time: start + Int64(elapsed / count))
        removeAll()
        return cell
    }

    mutating func removeAll() {
        count = 0
        mean = 0
        squaredDeviations = 0
        elapsed = 0
    }
}
