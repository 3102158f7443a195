/// The rules as this project sets them: which target may do what, and the bounds.
enum HouseRules {
    static let all: [any TidyRule] =
        [
            ImportRule(allowed: allowedImports, allowedInFile: allowedImportsInFile),
            SingleImporterRule(libraries: ["CRdKafka", "CLZ4", "CSimdJSON", "CDashboard"]),
            kafkaKnowsNoDomain,
            coreKnowsNoKafka,
            SystemRandomnessRule(exempt: ["Sources/shoal/"]),
            FileSizeRule(linesMax: 500),
            FunctionSizeRule(linesMax: 70),
            LineLengthRule(charactersMax: 110),
            UnsafeReasonRule(),
            TypePerFileRule(companionLinesMax: 25),
            LayoutRule(topLevelAllowed: [
                "Package.swift", "Package.resolved", "README.md", "LICENSE", "Sources", "Tests", "Benchmarks",
                "Deploy",
            ]),
            MachinePathRule(),
            AbbreviationRule(abbreviations: ["msg", "cfg", "ctx", "idx", "mgr", "cnt", "tmp", "evt", "cust"]),
            UnfinishedWorkRule(),
        ] + forbiddenCalls

    /// Parts of the platform that a target outside the core may use as it needs.
    private static let platform: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization",
    ]

    /// The arrows between targets, and the packages that each may lean on.
    static let allowedImports: [String: Set<String>] = [
        "shoal": platform.union([
            "ShoalConfiguration", "ShoalService", "ShoalEngine", "ShoalSimulator", "ShoalKafka", "ShoalCore",
            "ArgumentParser", "Histogram", "Logging", "ServiceLifecycle",
        ]),
        "ShoalService": platform.union([
            "ShoalEngine", "ShoalCore", "CDashboard", "Histogram", "HTTPTypes", "Hummingbird",
            "HummingbirdCore", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOPosix",
            "ServiceLifecycle",
        ]),
        "ShoalEngine": platform.union([
            "ShoalKafka", "ShoalCore", "Crypto", "Histogram", "Logging", "Metrics",
        ]),
        "ShoalConfiguration": ["ShoalCore", "Yams", "FoundationEssentials", "Foundation"],
        "ShoalKafka": ["CRdKafka", "Synchronization"],
        "ShoalSimulator": [],
        "ShoalCore": ["CSimdJSON", "CLZ4"],
    ]

    private static let systemLibrary: Set<String> = ["Glibc", "Musl"]

    /// The few files of the pure targets that need the system's logarithms, a socket or its close.
    static let allowedImportsInFile: [String: Set<String>] = [
        "Sources/ShoalCore/Clustering/Decay.swift": systemLibrary,
        "Sources/ShoalCore/Clustering/Reservoir.swift": systemLibrary,
        "Sources/ShoalCore/Clustering/ReservoirAges.swift": systemLibrary,
        "Sources/ShoalCore/Clustering/Seeding.swift": systemLibrary,
        "Sources/ShoalCore/Clustering/SegmentModel+Artifact.swift": ["FoundationEssentials"],
        "Sources/ShoalCore/Drift/AdaptiveWindow.swift": systemLibrary,
        "Sources/ShoalCore/Drift/DayShape+Smoothing.swift": systemLibrary,
        "Sources/ShoalCore/Drift/DriftAlert+Advice.swift": systemLibrary,
        "Sources/ShoalCore/Drift/DriftDetector.swift": systemLibrary,
        "Sources/ShoalCore/Drift/FeatureMonitor.swift": systemLibrary,
        "Sources/ShoalCore/Drift/JensenShannon.swift": systemLibrary,
        "Sources/ShoalCore/Drift/PopulationStability.swift": systemLibrary,
        "Sources/ShoalCore/Drift/ScalarMonitor.swift": systemLibrary,
        "Sources/ShoalCore/Drift/VolumeMonitor.swift": systemLibrary,
        "Sources/ShoalCore/Features/DistinctSketch.swift": systemLibrary,
        "Sources/ShoalCore/Features/FeaturePlan+Absorb.swift": systemLibrary,
        "Sources/ShoalCore/Features/FeaturePlan+Uncertainty.swift": systemLibrary,
        "Sources/ShoalCore/Features/FeaturePlan+Vector.swift": systemLibrary,
        "Sources/ShoalCore/Features/InflowScale.swift": systemLibrary,
        "Sources/ShoalCore/Governance/FeatureDefinition+Inverse.swift": systemLibrary,
        "Sources/ShoalCore/Profiles/ProfileTable.swift": systemLibrary,
        "Sources/ShoalKafka/LoopbackSocket.swift": ["Foundation"],
        "Sources/ShoalKafka/PortForwarder.swift": ["Foundation"],
        "Sources/ShoalKafka/ProducerContext.swift": systemLibrary,
    ]

    private static let kafkaKnowsNoDomain = ForbiddenWordRule(
        summary: "the Kafka wrapper has no domain word in it",
        target: "ShoalKafka",
        words: ["customer", "shopper", "centroid", "basket", "purchase", "drift", "segment change"])

    private static let coreKnowsNoKafka = ForbiddenWordRule(
        summary: "the core has no Kafka word in it beyond partition and offset",
        target: "ShoalCore",
        words: ["kafka", "broker", "rebalanc", "consumer group"])

    private static let forbiddenCalls: [any TidyRule] = [
        ForbiddenCallRule(
            summary: "time arrives as an argument",
            calls: [
                "Date()", "Date.init()", "Date.now", ".now()", "ContinuousClock.now", "ContinuousClock().now",
                "SuspendingClock.now", "SuspendingClock().now", "clock_gettime", "gettimeofday", "time(nil)",
            ],
            scope: ["Sources/", "Tests/"],
            exempt: [
                "Sources/shoal/", "Sources/ShoalEngine/Running/SystemClock.swift",
                "Tests/EndToEndTests/ShoalProcess",
            ],
            advice: "take the time as an argument; only the command line and the lane loop read a clock"),
        ForbiddenCallRule(
            summary: "randomness arrives as an argument",
            calls: ["SystemRandomNumberGenerator", "arc4random", "getrandom"],
            scope: ["Sources/", "Tests/"], exempt: ["Sources/shoal/"],
            advice: "take a generator or a seed as an argument"),
        ForbiddenCallRule(
            summary: "only the command line prints",
            calls: ["print(", "debugPrint("],
            scope: ["Sources/", "Tests/"], exempt: ["Sources/shoal/"],
            advice: "return a value, or log"),
        ForbiddenCallRule(
            summary: "nothing traps on data",
            calls: ["fatalError(", "try!"],
            scope: ["Sources/", "Tests/"], exempt: [],
            advice: "return a rejection, throw a typed error, or state a precondition"),
        ForbiddenCallRule(
            summary: "no test sleeps",
            calls: ["sleep(", "usleep(", "nanosleep(", "Task.sleep", "Thread.sleep"],
            scope: [
                "Tests/", "Sources/ShoalCore/", "Sources/ShoalSimulator/", "Sources/ShoalConfiguration/",
            ],
            exempt: [],
            advice: "wait for the thing itself, with a deadline"),
    ]
}
