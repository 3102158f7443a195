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

let yams: Package.Dependency = .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")

let package = Package(
    name: "shoal",
    products: [.executable(name: "shoal", targets: ["shoal"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        yams,
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
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
        .target(name: "CDashboard"),
        .target(
            name: "ShoalService",
            dependencies: [
                "CDashboard", "ShoalCore", "ShoalEngine",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // The C target's.
            exclude: ["Dashboard"],
            swiftSettings: houseSettings),
        .target(name: "ShoalSimulator", swiftSettings: houseSettings),
        .executableTarget(
            name: "shoal",
            dependencies: [
                "ShoalCore", "ShoalConfiguration", "ShoalEngine", "ShoalKafka", "ShoalService",
                "ShoalSimulator",
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
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalServiceTests",
            dependencies: [
                "ShoalService", "ShoalEngine", "ShoalCore", "ShoalTestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalSimulatorTests", dependencies: ["ShoalSimulator", "ShoalTestSupport"],
            swiftSettings: houseSettings),
        .testTarget(
            name: "ShoalCommandTests", dependencies: ["ShoalEngine", "ShoalTestSupport", "shoal"],
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

// Tests under the thread sanitizer, and optimised ones, are of the engine; the rest takes minutes to build.
// Micro benchmarks are of the core, and have a dependency that nothing else has.
if let wanted = Context.environment["SHOAL_PARTS"] {
    let core = ["CLZ4", "CSimdJSON", "ShoalCore", "ShoalConfiguration", "ShoalSimulator"]
    let engine = core + ["CRdKafka", "ShoalKafka", "ShoalEngine", "ShoalTestSupport", "ShoalEngineTests"]
    let parts =
        switch wanted {
        case "micro": core + ["CAllocationCounter"]
        case "threads": engine + ["ShoalKafkaTests"]
        default: engine + ["CAllocationCounter", "ShoalCoreTests", "SimulationTests"]
        }
    package.targets.removeAll { !parts.contains($0.name) }
    package.products = []
    if wanted == "micro" {
        // Without its traits, whose `malloc` would come before the one of `CAllocationCounter`.
        let harness: Package.Dependency = .package(
            url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: [])
        package.dependencies = [yams, harness]
        package.targets.append(
            .executableTarget(
                name: "Micro",
                dependencies: [
                    "ShoalCore", "ShoalConfiguration", "ShoalSimulator", "CAllocationCounter",
                    .product(name: "Benchmark", package: "benchmark"),
                ],
                path: "Benchmarks/Micro", exclude: ["run"], swiftSettings: houseSettings,
                plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]))
    }
}
