internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalSimulator

/// W1 as it is measured here: the plan of `Benchmarks/w1.yaml` and events of the simulated shop.
enum Workload {
    /// Whether everything is as short as possible, to prove that it runs.
    static let isTiny = ProcessInfo.processInfo.environment["SHOAL_MICRO_TINY"] != nil
    /// Events that are measured at a time.
    static let eventCount = 1_000
    /// Customers of a partition; a hundred thousand rows are far more than a cache holds.
    static let customerCount = isTiny ? 1_000 : 100_000
    /// Events of a customer, on average, before anything is measured.
    static let eventsPerCustomer = 3
    /// Events before anything is measured at least: enough for a model, and for a review of its segments.
    static let warmupEventsMin = 100_000

    /// Features and model as `Benchmarks/w1.yaml` sets them.
    static let settings: ShoalConfiguration = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "w1.yaml").path(percentEncoded: false)
        do {
            return try ShoalConfiguration.load(path: path, environment: [:])
        } catch {
            preconditionFailure("The workload's configuration cannot be read.\n\(error)")
        }
    }()

    static let plan: FeaturePlan = {
        do {
            return try FeaturePlan(settings.features)
        } catch {
            preconditionFailure("The workload's features make no plan: \(error)")
        }
    }()

    /// A shop whose days pass as fast as W1's, where a million events take thirty days.
    static func simulator(customers: Int) -> ShopSimulator {
        var options = ShopSimulatorOptions()
        options.customers = customers
        options.seed = 7
        options.speedUp = 30 * 86_400 / 1_000
        return ShopSimulator(options: options)
    }
}
