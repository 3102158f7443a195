internal import Glibc

/// What watches a stream of numbers and tells when they have changed.
///
/// A detector is a plain value: a copy is a snapshot, and so is what `Codable` writes; going on from either
/// equals never having stopped. Memory is bounded however long the stream is.
package protocol DriftDetector: Equatable, Sendable, Codable {
    /// Takes the next value and tells whether a change shows with it; the detector then starts afresh.
    ///
    /// A value that `DriftValue.isUsable` refuses changes nothing but `skippedValues`.
    mutating func absorb(_ value: Double) -> Bool

    /// How many values were not usable and were passed over.
    var skippedValues: Int { get }
}

/// Which numbers detectors take.
package enum DriftValue {
    /// The square of a larger value, summed over a long stream, is no longer finite.
    package static let magnitudeMax = 1e100

    /// e^`logarithm`, kept to what is usable.
    static func factor(_ logarithm: Double) -> Double { exp(min(logarithm, logarithmMax)) }

    /// The logarithm of `magnitudeMax`.
    package static let logarithmMax = 230.258_509_299_404_5

    /// Whether a value is finite and of a size that can be squared and summed.
    @inline(__always)
    package static func isUsable(_ value: Double) -> Bool { value.magnitude <= magnitudeMax }
}
