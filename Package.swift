// swift-tools-version: 6.2
import PackageDescription

/// Every target is built alike: Swift 6 mode, strict memory safety, no warning tolerated.
let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "shoal",
    products: [.executable(name: "shoal", targets: ["shoal"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // C libraries: each is imported by one target only.
        .systemLibrary(
            name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .target(
            name: "CSimdJSON",
            cxxSettings: [.define("NDEBUG")],
            linkerSettings: [.linkedLibrary("simdjson")]),

        .target(name: "ShoalCore", dependencies: ["CSimdJSON", "CLZ4"], swiftSettings: houseSettings),
        .target(
            name: "ShoalConfiguration",
            dependencies: ["ShoalCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: houseSettings),
        .target(
            name: "ShoalKafka", dependencies: ["CRdKafka"],
            // Lent records carry lifetimes; the attribute is still spelled with an underscore.
            swiftSettings: houseSettings + [.enableExperimentalFeature("Lifetimes")]),
        .target(
            name: "ShoalEngine",
            dependencies: [
                "ShoalCore", "ShoalKafka",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: houseSettings),
        .target(name: "ShoalSimulator", swiftSettings: houseSettings),
        .executableTarget(
            name: "shoal",
            dependencies: [
                "ShoalCore", "ShoalConfiguration", "ShoalEngine", "ShoalKafka", "ShoalSimulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseSettings),

        .target(
            name: "ShoalTestSupport", dependencies: ["ShoalCore"], path: "Tests/ShoalTestSupport",
            swiftSettings: houseSettings),
        // Counts allocations in the test runner.
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .testTarget(
            name: "ShoalCoreTests", dependencies: ["ShoalCore", "ShoalTestSupport", "CAllocationCounter"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalConfigurationTests", dependencies: ["ShoalConfiguration", "ShoalTestSupport"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalKafkaTests", dependencies: ["ShoalKafka", "ShoalTestSupport"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalEngineTests",
            dependencies: [
                "ShoalEngine", "ShoalConfiguration", "ShoalCore", "ShoalKafka", "ShoalSimulator",
                "ShoalTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalSimulatorTests", dependencies: ["ShoalSimulator", "ShoalTestSupport"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalCommandTests", dependencies: ["ShoalTestSupport", "shoal"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "ShoalEngine", "ShoalCore", "ShoalKafka", "ShoalTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseSettings),
        .testTarget(name: "TidyTests", swiftSettings: houseSettings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "ShoalConfiguration", "ShoalCore", "ShoalEngine", "ShoalKafka", "ShoalTestSupport", "shoal",
            ],
            swiftSettings: houseSettings),
    ],
    cxxLanguageStandard: .cxx17
)
