internal import Glibc

/// ADWIN: a window that grows while the stream's mean is steady and tells when its two ends differ.
///
/// Bifet & Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007: the window is an
/// exponential histogram (section 4, "ADWIN2"), rows of at most `maxBuckets` sums of 2^row values each, and
/// a change shows when at some cut the means of the older and the newer part differ by more than ε (equation
/// 3.1). Parameters, defaults and the order of arithmetic are River's (`river.drift.ADWIN`), so that it fires
/// at the same indices.
///
/// Differs from the paper in two ways, both as River since 0.22: n₀ and n₁ enter ε reduced by
/// `minWindowLength` − 1, and after a change the window starts empty instead of keeping its newer part. So
/// nothing is ever dropped from the old end, and the histogram needs no variances of its own.
package struct AdaptiveWindow: DriftDetector {
    /// Settings, named as River's arguments.
    package struct Parameters: Equatable, Sendable, Codable {
        /// Significance: the smaller, the fewer false alarms and the later true ones; above 0, at most 1.
        package var delta = 0.002
        /// Values between two looks at the window; at least 1.
        package var clock = 32
        /// Sums of one size that are kept apart; at least 1.
        package var maxBuckets = 5
        /// Values that either part of a cut must have; at least 0.
        package var minWindowLength = 5
        /// The window is not looked at before it holds more values than this; at least 0.
        package var gracePeriod = 10

        package init() {}

        /// Whether every setting is in its range.
        package var isValid: Bool {
            delta > 0 && delta <= 1 && clock >= 1 && (1...Self.countMax).contains(maxBuckets)
                && (0...Self.countMax).contains(minWindowLength) && gracePeriod >= 0
        }

        /// Larger windows of buckets are a slip of the hand.
        private static let countMax = 1_000_000
    }

    /// Where the last change showed most clearly.
    package struct Cut: Equatable, Sendable, Codable {
        package var olderMean: Double
        package var newerMean: Double
        package var newerCount: Double
        /// ε: the difference of means that would just have been a change.
        package var epsilon: Double
    }

    package let parameters: Parameters
    package private(set) var skippedValues = 0
    /// The strongest cut of the latest change; `nil` before the first.
    package private(set) var latestCut: Cut?
    /// Values in the window.
    package private(set) var width = 0.0
    /// Sum of the values in the window.
    package private(set) var total = 0.0
    /// Sum of squared deviations from the window's mean.
    private var squaredDeviations = 0.0
    private var ticks = 0
    /// Sums of 2^row values, oldest first within a row: `[rows × (maxBuckets + 1)]`, row-major.
    private var sums: [Double]
    /// Sums in each row, of which there is one per doubling and so never more than 64.
    private var counts = [0]

    /// - Precondition: The parameters are valid.
    package init(_ parameters: Parameters = Parameters()) {
        precondition(parameters.isValid, "ADWIN's parameters are in their ranges.")
        self.parameters = parameters
        sums = Array(repeating: 0, count: parameters.maxBuckets + 1)
    }

    /// Mean of the values in the window, 0 if it is empty.
    package var mean: Double { width > 0 ? total / width : 0 }

    /// Takes the next value and tells whether the window's ends now differ.
    ///
    /// - Complexity: O(1) on average, and O(`maxBuckets` · log `width`) once every `clock` values.
    package mutating func absorb(_ value: Double) -> Bool {
        guard DriftValue.isUsable(value) else {
            skippedValues += 1
            return false
        }
        insert(value)
        ticks += 1
        guard ticks.isMultiple(of: parameters.clock), width > Double(parameters.gracePeriod),
            let cut = strongestCut()
        else { return false }
        latestCut = cut
        restart()
        return true
    }

    /// Empties the window; `latestCut` and `skippedValues` stay.
    package mutating func restart() {
        width = 0
        total = 0
        squaredDeviations = 0
        ticks = 0
        sums.removeSubrange((parameters.maxBuckets + 1)...)
        counts = [0]
    }

    private mutating func insert(_ value: Double) {
        append(value, toRow: 0)
        width += 1
        if width > 1 {
            let deviation = value - total / (width - 1)
            squaredDeviations += (width - 1) * deviation * deviation / width
        }
        total += value
        var row = 0
        let stride = parameters.maxBuckets + 1
        while counts[row] == stride {
            // The two oldest sums of a full row become one of the next.
            let start = row * stride
            append(sums[start] + sums[start + 1], toRow: row + 1)
            for index in start..<start + stride - 2 { sums[index] = sums[index + 2] }
            counts[row] -= 2
            row += 1
        }
    }

    private mutating func append(_ sum: Double, toRow row: Int) {
        let stride = parameters.maxBuckets + 1
        if row == counts.count {
            counts.append(0)
            for _ in 0..<stride { sums.append(0) }
        }
        sums[row * stride + counts[row]] = sum
        counts[row] += 1
    }

    /// The cut at which the means differ most in units of ε, if any differ by more than ε.
    private func strongestCut() -> Cut? {
        let shortest = Double(parameters.minWindowLength)
        let variance = squaredDeviations / width
        let logarithm = log(2 * log(width) / parameters.delta)
        var strongest: Cut?
        var older = (count: 0.0, total: 0.0)
        var newer = (count: width, total: total)
        for row in counts.indices.reversed() {
            let size = Double(sign: .plus, exponent: row, significand: 1)
            let start = row * (parameters.maxBuckets + 1)
            for index in start..<start + counts[row] {
                older.count += size
                newer.count -= size
                older.total += sums[index]
                newer.total -= sums[index]
                guard newer.count > 0 else { return strongest }
                guard newer.count >= shortest, older.count >= shortest else { continue }
                let cut = Cut(
                    olderMean: older.total / older.count, newerMean: newer.total / newer.count,
                    newerCount: newer.count,
                    epsilon: Self.epsilon(
                        inverseLength: 1 / (older.count - shortest + 1) + 1 / (newer.count - shortest + 1),
                        variance: variance, logarithm: logarithm))
                guard cut.isChange else { continue }
                if cut.strength > strongest?.strength ?? 0 { strongest = cut }
            }
        }
        return strongest
    }

    /// Equation 3.1, with `inverseLength` = 1/m and `logarithm` = ln(2 ln n / δ).
    private static func epsilon(inverseLength: Double, variance: Double, logarithm: Double) -> Double {
        (2 * inverseLength * variance * logarithm).squareRoot() + 2.0 / 3.0 * logarithm * inverseLength
    }
}

extension AdaptiveWindow.Cut {
    /// Whether the means differ by more than ε; never if rounding has made ε not a number.
    fileprivate var isChange: Bool { (olderMean - newerMean).magnitude > epsilon }

    /// The difference of means in units of ε; the largest number where ε is 0.
    package var strength: Double {
        let difference = (olderMean - newerMean).magnitude
        return epsilon > 0
            ? min(difference / epsilon, .greatestFiniteMagnitude) : .greatestFiniteMagnitude
    }
}

extension AdaptiveWindow {
    private enum CodingKeys: String, CodingKey {
        case parameters, skippedValues, latestCut, width, total, squaredDeviations, ticks, sums, counts
    }

    /// Goes on from a snapshot.
    ///
    /// - Throws: `DecodingError` if the snapshot is none that a window could have written.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        parameters = try container.decode(Parameters.self, forKey: .parameters)
        skippedValues = try container.decode(Int.self, forKey: .skippedValues)
        latestCut = try container.decodeIfPresent(Cut.self, forKey: .latestCut)
        width = try container.decode(Double.self, forKey: .width)
        total = try container.decode(Double.self, forKey: .total)
        squaredDeviations = try container.decode(Double.self, forKey: .squaredDeviations)
        ticks = try container.decode(Int.self, forKey: .ticks)
        sums = try container.decode([Double].self, forKey: .sums)
        counts = try container.decode([Int].self, forKey: .counts)
        var held = 0.0
        for (row, count) in counts.enumerated() {
            held += Double(count) * Double(sign: .plus, exponent: row, significand: 1)
        }
        guard parameters.isValid, skippedValues >= 0, skippedValues < .max, ticks >= 0, ticks < .max,
            (1...64).contains(counts.count), sums.count == counts.count * (parameters.maxBuckets + 1),
            counts.allSatisfy({ (0...parameters.maxBuckets).contains($0) }), held == width,
            (sums + [total, squaredDeviations]).allSatisfy(\.isFinite)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts, in: container, debugDescription: "This is no snapshot of an ADWIN window.")
        }
    }
}
