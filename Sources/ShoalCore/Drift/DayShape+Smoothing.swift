internal import Glibc

extension DayShape {
    /// Noise alone exceeds it once in 400 harmonics, as its power is exponentially distributed.
    private static let powerMin = 6.0

    /// The shape by those harmonics of the day that are more than noise.
    ///
    /// One is kept only if it has six times the power that noise alone would give it, and then shrunk by the
    /// share of noise in it (Wiener's filter). So a stream without a season gets a flat profile instead of
    /// noise subtracted from it.
    var smoothed: [Double] {
        let scale = 2 / Double(Self.hourCount)
        let noisePower = 2 * scale * noise
        var result = Array(repeating: 0.0, count: Self.hourCount)
        for harmonic in 1..<Self.hourCount / 2 {
            var (cosine, sine) = (0.0, 0.0)
            for hour in 0..<Self.hourCount {
                let angle = Self.angle(harmonic, hour)
                cosine += scale * deviations[hour] * cos(angle)
                sine += scale * deviations[hour] * sin(angle)
            }
            let power = cosine * cosine + sine * sine
            guard power > Self.powerMin * noisePower else { continue }
            let gain = 1 - noisePower / power
            for hour in 0..<Self.hourCount {
                let angle = Self.angle(harmonic, hour)
                result[hour] += gain * (cosine * cos(angle) + sine * sin(angle))
            }
        }
        return result
    }

    private static func angle(_ harmonic: Int, _ hour: Int) -> Double {
        2 * .pi * Double(harmonic * hour % hourCount) / Double(hourCount)
    }
}
