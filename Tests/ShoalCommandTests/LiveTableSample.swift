internal import ShoalEngine
internal import shoal

/// A moment of a demo, made up so that every part of the table has something to show.
enum LiveTableSample {
    static let running: LiveTableContent = {
        var content = waiting
        content.eventsPerSecond = 20_013.4
        content.events = 412_310
        content.lagRecords = 1_204
        content.latency = LiveTableContent.Latency(p50Milliseconds: 23, p99Milliseconds: 1_056)
        content.customers = 9_956
        content.changes = 23_474
        content.modelVersion = 387
        content.modelGeneration = 2
        content.streamDays = 12.4
        content.segments = [
            segment("s1", "big spenders · in store · lapsing", 2_410, 0.2421, entered: 1_204, left: 1_180.4),
            segment("s2", "お得な買い物客 · 割引好き · 週末だけの買い物客", 5_120, 0.5143, entered: 123_456, left: 9.6),
            segment("s12", "window shoppers", 0, 0, entered: 0, left: 0),
        ]
        content.latestChanges = [
            DemoChange(
                customer: "c0012345", from: DemoChange.Place(id: "s12", name: "window shoppers"),
                to: DemoChange.Place(id: "s1", name: "big spenders · in store · lapsing"),
                reasons: [
                    DemoChange.Reason(feature: "price_level", value: 5.08, wasTypical: 1.2),
                    DemoChange.Reason(feature: "store_share", value: 0.614, wasTypical: 0.05),
                ]),
            DemoChange(
                customer: "c0000007", from: nil, to: DemoChange.Place(id: "s12", name: "window shoppers"),
                reasons: [DemoChange.Reason(feature: "spend", value: 0, wasTypical: 132.4)]),
            DemoChange(
                customer: "c0000008", from: DemoChange.Place(id: "s12", name: "window shoppers"), to: nil,
                reasons: []),
        ]
        content.alerts = ["warning: price_level up 0.41, PSI 0.23"]
        return content
    }()

    /// Before the first model.
    static let waiting: LiveTableContent = {
        var content = LiveTableContent()
        content.events = 39_512
        content.customers = 7_766
        content.uptimeSeconds = 2.2
        content.remainingSeconds = 17.8
        content.streamDays = 2.2
        content.phase = "learning: 1,204 of 2,000 profiles"
        content.phaseShare = 0.602
        content.watchCommand = "kcat -C -q -b 127.0.0.1:46357 -t segment-changes -o end"
        return content
    }()

    private static func segment(
        _ id: String, _ name: String, _ size: Int, _ share: Double, entered: Double, left: Double
    ) -> LiveTableContent.Segment {
        LiveTableContent.Segment(
            id: id, name: name, size: size, share: share,
            flow: FlowRate(enteredPerMinute: entered, leftPerMinute: left, volatilityPerDay: share),
            trend: (0...30).map { $0 * size / 30 })
    }
}
