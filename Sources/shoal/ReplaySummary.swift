internal import Foundation
internal import ShoalCore
internal import ShoalEngine

/// The last line of `replay --summary`.
enum ReplaySummary {
    static func text(of result: ReplayProgress, after elapsed: Duration) -> String {
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? Double(result.events) / seconds : 0
        let counters = result.counters
        return "{\"events\":\(result.events),\"accepted\":\(counters.accepted),"
            + "\"rejected\":\(counters.rejected),\"duplicates\":\(counters.duplicates),"
            + "\"ignored\":\(counters.ignored),\"customers\":\(result.customers),"
            + "\"changes\":\(counters.changes),\"alerts\":\(result.alerts),\"model_version\":\(result.modelVersion),"
            + "\"seconds\":\(String(format: "%.3f", seconds)),\"events_per_second\":\(Int(rate))}"
    }
}
