internal import ArgumentParser
internal import ShoalCore

/// Runs one of the engine's drift detectors over a column of numbers.
struct LabDrift: ParsableCommand {
    enum Detector: String, CaseIterable, ExpressibleByArgument {
        case adwin
        case pageHinkley = "page-hinkley"
        case kswin
    }

    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Runs a drift detector over a column of a CSV file.",
        discussion: """
            Prints the 0-based index of each detection, one per line. Options are named as River's \
            arguments and have River's defaults; ADWIN and Page-Hinkley fire at the same indices as \
            River 0.22 and newer. A first line that is not numeric is a header and not counted.
            """)

    @Option(help: "adwin, page-hinkley or kswin.")
    var detector: Detector

    @Option(help: "adwin: significance (0.002); page-hinkley: tolerance (0.005).")
    var delta: Double?

    @Option(help: "adwin: values between two looks at the window (32).")
    var clock: Int?

    @Option(
        name: [.customLong("max-buckets"), .customLong("max_buckets")],
        help: "adwin: sums of one size that are kept apart (5).")
    var maxBuckets: Int?

    @Option(
        name: [.customLong("min-window-length"), .customLong("min_window_length")],
        help: "adwin: values that either part of a cut must have (5).")
    var minWindowLength: Int?

    @Option(
        name: [.customLong("grace-period"), .customLong("grace_period")],
        help: "adwin: values before the first look (10).")
    var gracePeriod: Int?

    @Option(
        name: [.customLong("min-instances"), .customLong("min_instances")],
        help: "page-hinkley: values before the first change can be told (30).")
    var minInstances: Int?

    @Option(help: "page-hinkley: how far a sum must have come (50).")
    var threshold: Double?

    @Option(help: "page-hinkley: how much of a sum is kept (0.9999); kswin: significance (0.005).")
    var alpha: Double?

    @Option(help: "page-hinkley: up, down or both (both).")
    var mode: PageHinkley.Mode?

    @Option(
        name: [.customLong("window-size"), .customLong("window_size")],
        help: "kswin: values that are kept (100).")
    var windowSize: Int?

    @Option(
        name: [.customLong("stat-size"), .customLong("stat_size")],
        help: "kswin: the newest values, compared with as many of the others (30).")
    var statSize: Int?

    @Option(help: "kswin: seed of the draw (42).")
    var seed: UInt64?

    @Option(help: "0-based column of the file.")
    var column = 0

    @Argument(help: "The CSV file.")
    var file: String

    func validate() throws {
        let given: [(name: String, isGiven: Bool, detectors: [Detector])] = [
            ("--delta", delta != nil, [.adwin, .pageHinkley]), ("--clock", clock != nil, [.adwin]),
            ("--max-buckets", maxBuckets != nil, [.adwin]),
            ("--min-window-length", minWindowLength != nil, [.adwin]),
            ("--grace-period", gracePeriod != nil, [.adwin]),
            ("--min-instances", minInstances != nil, [.pageHinkley]),
            ("--threshold", threshold != nil, [.pageHinkley]),
            ("--alpha", alpha != nil, [.pageHinkley, .kswin]), ("--mode", mode != nil, [.pageHinkley]),
            ("--window-size", windowSize != nil, [.kswin]), ("--stat-size", statSize != nil, [.kswin]),
            ("--seed", seed != nil, [.kswin]),
        ]
        for option in given where option.isGiven && !option.detectors.contains(detector) {
            let owners = option.detectors.map(\.rawValue).joined(separator: " and ")
            throw ValidationError("\(option.name) is an option of \(owners), not of \(detector.rawValue).")
        }
        guard column >= 0 else { throw ValidationError("--column counts from 0, not from \(column).") }
        switch detector {
        case .adwin:
            guard adaptiveWindowParameters.isValid else {
                throw ValidationError(
                    "an option is out of range: --delta must be above 0 and at most 1, --clock and "
                        + "--max-buckets at least 1, --min-window-length and --grace-period at least 0.")
            }
        case .pageHinkley:
            guard pageHinkleyParameters.isValid else {
                throw ValidationError(
                    "an option is out of range: --min-instances must be at least 0, --delta and "
                        + "--threshold finite, --alpha 0 to 1.")
            }
        case .kswin:
            guard kolmogorovSmirnovParameters.isValid else {
                throw ValidationError(
                    "an option is out of range: --alpha must be 0 to 1, --stat-size at least 1 and "
                        + "--window-size at least twice that and at most 100000.")
            }
        }
    }

    func run() throws {
        let table = try NumberTable(path: file)
        guard column < table.columnCount else {
            throw NumberTable.Failure(
                description: "\(file): has no column \(column): it has \(table.columnCount), from 0.")
        }
        var indices: [Int] = []
        switch detector {
        case .adwin: indices = detections(of: AdaptiveWindow(adaptiveWindowParameters), in: table)
        case .pageHinkley: indices = detections(of: PageHinkley(pageHinkleyParameters), in: table)
        case .kswin:
            indices = detections(of: KolmogorovSmirnovWindow(kolmogorovSmirnovParameters), in: table)
        }
        for index in indices { print(index) }
    }

    private func detections(of detector: some DriftDetector, in table: NumberTable) -> [Int] {
        var detector = detector
        return (0..<table.rowCount).filter {
            detector.absorb(table.values[$0 * table.columnCount + column])
        }
    }

    private var adaptiveWindowParameters: AdaptiveWindow.Parameters {
        var parameters = AdaptiveWindow.Parameters()
        parameters.delta = delta ?? parameters.delta
        parameters.clock = clock ?? parameters.clock
        parameters.maxBuckets = maxBuckets ?? parameters.maxBuckets
        parameters.minWindowLength = minWindowLength ?? parameters.minWindowLength
        parameters.gracePeriod = gracePeriod ?? parameters.gracePeriod
        return parameters
    }

    private var pageHinkleyParameters: PageHinkley.Parameters {
        var parameters = PageHinkley.Parameters()
        parameters.minInstances = minInstances ?? parameters.minInstances
        parameters.delta = delta ?? parameters.delta
        parameters.threshold = threshold ?? parameters.threshold
        parameters.alpha = alpha ?? parameters.alpha
        parameters.mode = mode ?? parameters.mode
        return parameters
    }

    private var kolmogorovSmirnovParameters: KolmogorovSmirnovWindow.Parameters {
        var parameters = KolmogorovSmirnovWindow.Parameters()
        parameters.alpha = alpha ?? parameters.alpha
        parameters.windowSize = windowSize ?? parameters.windowSize
        parameters.statSize = statSize ?? parameters.statSize
        parameters.seed = seed ?? parameters.seed
        return parameters
    }
}

extension PageHinkley.Mode: ExpressibleByArgument {}
