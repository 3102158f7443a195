/// How sensitive the monitors are and how long an alert lives.
///
/// Significance alone will not do: with enough vectors the smallest difference is significant. So every
/// monitor also asks for an effect that somebody would act on. Together they keep false alarms below one in
/// 10⁶ vectors per monitor; `DriftFalseAlarmTests` counts them.
package struct DriftSettings: Equatable, Sendable {
    /// Vectors after which a cell, the unit that detectors look at, is complete in any case.
    package var cellVectorsMax = 256.0
    /// Vectors after which it is complete if it has lasted `cellMilliseconds`.
    package var cellVectorsMin = 32.0
    package var cellMilliseconds: Int64 = 60_000

    /// ADWIN on standardised cell means; looked at with every cell.
    package var adaptiveWindow: AdaptiveWindow.Parameters
    /// Page–Hinkley on the same; with River's defaults it fires every 1,600 values of plain noise.
    package var pageHinkley: PageHinkley.Parameters
    /// How much a feature's mean must move, in its standard deviations.
    package var meanEffectMin = 0.25
    /// How much the logarithm of a feature's variance must move: σ by a factor of 1.22.
    package var spreadEffectMin = 0.4
    /// How much the logarithm of the fit must move: by 15 %.
    package var fitEffectMin = 0.14
    /// How much the share of rejected records must move: by two points.
    package var rejectEffectMin = 0.02
    /// How much the logarithms of volume and lag must move: by a factor of 2.
    package var factorEffectMin = 0.693
    /// Before a whole day has been seen, effects must be larger by this factor.
    ///
    /// Until then only a contrast within a quarter of an hour counts; a season that swings by ±1.5 standard
    /// deviations is never further than 0.14 from its mean of that time.
    package var firstDayFactor = 1.25

    /// Before every day of a week has been seen, effects must be larger by this factor: days of one kind may
    /// have rhythms of their own.
    ///
    /// A rhythm that may be off by more than so much of an effect is none to go by.
    package var firstWeekFactor = 1.5

    /// When every day of a week has been seen, so much of an effect in standard deviations is enough: how
    /// much days differ is known then, and guards against false alarms by itself.
    package var knownWeekFactor = 0.5

    /// Severity by population stability; the middle one is the warning that ADWIN gives too.
    package var stabilityInfo = 0.1
    package var stabilityWarning = 0.2
    package var stabilityCritical = 0.35
    /// Least Jensen–Shannon divergence for population stability to count; equals an index of about 0.055.
    package var divergenceMin = 0.01
    /// Features that must have drifted together with the fit for it to be critical.
    package var criticalFeaturesMin = 3

    /// An alert is resolved when nothing has been found for so many vectors and so much stream time.
    package var quietVectors = 2_048
    package var quietMilliseconds: Int64 = 900_000
    /// What is found so soon after that takes the alert up again.
    package var cooldownVectors = 1_024
    package var cooldownMilliseconds: Int64 = 900_000

    package init() {
        adaptiveWindow = AdaptiveWindow.Parameters()
        adaptiveWindow.delta = 1e-4
        adaptiveWindow.clock = 1
        adaptiveWindow.minWindowLength = 2
        pageHinkley = PageHinkley.Parameters()
        pageHinkley.delta = 0.1
        pageHinkley.threshold = 100
        pageHinkley.alpha = 1
    }
}
