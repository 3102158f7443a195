extension WrongConfiguration {
    private static let sensitiveRemedy =
        "remove it, or write allow_sensitive: true and sensitive_reason: at the top of the file"

    /// A configuration with one feature in its second line.
    private static func feature(_ name: String, _ feature: String, _ faults: String...) -> WrongConfiguration
    {
        WrongConfiguration(
            name: name, text: "features:\n  - {\(feature)}\n",
            faults: faults.map { "f.yaml:2: features[0]\($0)" })
    }

    private init(name: String, text: String, faults: [String]) {
        self.name = name
        self.text = text
        self.faults = faults
    }

    private static let listExample =
        "a list, as `- {name: purchases, count: {type: purchase}, half_life: 30d}`"

    static let features = [
        WrongConfiguration(
            "no features", "features: []",
            "1: features: is empty; write \(listExample), or remove it for the default plan"),
        WrongConfiguration(
            "nothing", "features:\n",
            "1: features: is empty; write \(listExample), or remove it for the default plan"),
        WrongConfiguration(
            "a map of features", "features: {a: b}",
            "1: features: a map where a list is expected; write \(listExample)"),
        feature("no name", "count: {}, half_life: 1d", ".name: missing; write name: purchases"),
        feature(
            "a name with a space", "name: a b, count: {}, half_life: 1d",
            ".name: `a b` is no feature's name; write at most 64 letters, digits, _ - and ."),
        feature(
            "no kind", "name: a",
            ": no kind of feature; "
                + "write one of count, sum, mean, ratio, share, since, gap, trend, distinct, last"
        ),
        feature(
            "an unknown kind", "name: a, desitnct: {of: x}",
            ".desitnct: unknown setting; write distinct instead"),
        feature(
            "two kinds", "name: a, count: {}, gap: {}, half_life: 1d",
            ".gap: a second kind in one feature, count and gap; make two features of it"),
        feature("no half-life", "name: a, count: {}", ".half_life: missing; write half_life: 30d"),
        feature(
            "no half-life of a share", "name: a, share: {of: {channel: web}}",
            ".half_life: missing; write half_life: 30d"),
        feature(
            "a half-life of nothing", "name: a, count: {}, half_life: 0s",
            ".half_life: 0s is zero; write at least 1ms, as half_life: 30d"),
        feature(
            "a bare zero", "name: a, count: {}, half_life: 0",
            ".half_life: `0` has no unit; write a number with one of ms s m h d w, as half_life: 30d"),
        feature(
            "a negative half-life", "name: a, count: {}, half_life: -30d",
            ".half_life: -30d is negative; write at least 1ms, as half_life: 30d"),
        feature(
            "a half-life beyond a century", "name: a, count: {}, half_life: 36526d",
            ".half_life: 36526d is too large; write at most 36525d, as half_life: 30d"),
        feature(
            "a half-life beyond all numbers", "name: a, count: {}, half_life: 99999999999999999999w",
            ".half_life: 99999999999999999999w is too large; write at most 36525d"),
        feature("no cap", "name: a, since: {type: x}", ".cap: missing; write cap: 180d"),
        feature(
            "a half-life of since", "name: a, since: {}, cap: 1d, half_life: 1d",
            ".half_life: has no meaning for since; remove it"),
        feature(
            "a trend that is no longer", "name: a, trend: {of: {}, short: 14d, long: 2w}",
            ".trend.long: 14d is not longer than short, 14d; write a long half-life above 14d"),
        feature(
            "a filter that is no map", "name: a, count: purchase, half_life: 1d",
            ".count: a single value where a map is expected; write {type: purchase}, or {} for every event"),
        feature(
            "an empty list in a filter", "name: a, count: {type: []}, half_life: 1d",
            ".count.type: an empty list; write a constant, or a list as [purchase, return]"),
        feature(
            "a filter on null", "name: a, count: {type: null}, half_life: 1d",
            ".count.type: nothing where a list is expected; write a constant, or a list as [purchase, return]"
        ),
        feature(
            "no field", "name: a, sum: {type: purchase}, half_life: 1d",
            ".sum.of: missing; write of: amount"),
        feature(
            "no base", "name: a, ratio: {of: {}}, half_life: 1d",
            ".ratio.to: missing; write to: {type: product_view}"),
        feature(
            "a wrong word in a share", "name: a, share: {of: {}, amnog: {}}, half_life: 1d",
            ".share.amnog: unknown setting; write among instead"),
        feature(
            "a prior that is no share", "name: a, share: {of: {}}, half_life: 1d, prior: 2",
            ".prior: 2 is out of range; "
                + "write a number from 0 to 1, as prior: population, or a number as prior: 0.1"
        ),
        feature(
            "a prior without weight", "name: a, share: {of: {}}, half_life: 1d, prior_weight: 0",
            ".prior_weight: 0 is out of range; write a number from 1e-06 to 1000000, as prior_weight: 1"),
        feature(
            "an unknown transform", "name: a, count: {}, half_life: 1d, transform: log1",
            ".transform: unknown word `log1`; write log1p (of none, log1p, sqrt, asinh)"),
        feature(
            "clip the wrong way round", "name: a, count: {}, half_life: 1d, clip: [3, 1]",
            ".clip: the lower bound is above the upper one; write the lower bound first, as clip: [1, 3]"),
        feature(
            "weights", "name: a, count: {}, half_life: 1d, weight: NaN",
            ".weight: `NaN` is not a finite number; write weight: 1"),
        feature(
            "a negative weight", "name: a, count: {}, half_life: 1d, weight: -1",
            ".weight: -1 is out of range; write a number from 0 to 1000000, as weight: 1"),
        feature(
            "an infinite weight", "name: a, count: {}, half_life: 1d, weight: 1e999",
            ".weight: `1e999` is not a finite number; write weight: 1"),
        feature(
            "a sensitive name", "name: customerAge, count: {}, half_life: 1d",
            ".name: `age` is a sensitive attribute; \(sensitiveRemedy)"),
        feature(
            "a sensitive field", "name: a, last: {of: properties.customer_GENDER}",
            ".last.of: `gender` is a sensitive attribute; \(sensitiveRemedy)"),
        feature(
            "a sensitive filter", "name: a, count: {properties.religion.name: x}, half_life: 1d",
            ".count.properties.religion.name: `religion` is a sensitive attribute; \(sensitiveRemedy)"),
        feature(
            "a path with a hole", "name: a, last: {of: properties..nps}",
            ".last.of: `properties..nps` is no path; write a field's name, as category or properties.nps"),
    ]
}
