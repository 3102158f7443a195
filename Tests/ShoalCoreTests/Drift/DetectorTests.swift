import Foundation
import ShoalCore
import Testing

/// What holds for every detector.
@Suite struct DetectorTests {
    enum Kind: CaseIterable { case adaptiveWindow, pageHinkley, kolmogorovSmirnov }

    private static func indices(_ detector: inout some DriftDetector, _ values: [Double]) -> [Int] {
        values.indices.filter { detector.absorb(values[$0]) }
    }

    /// Opens the existential once, so that each check is written for any detector.
    private func with(_ kind: Kind, _ body: (any DriftDetector) throws -> Void) rethrows {
        switch kind {
        case .adaptiveWindow: try body(AdaptiveWindow())
        case .pageHinkley: try body(PageHinkley())
        case .kolmogorovSmirnov:
            var parameters = KolmogorovSmirnovWindow.Parameters()
            parameters.alpha = 1e-4
            try body(KolmogorovSmirnovWindow(parameters))
        }
    }

    @Test(arguments: Kind.allCases, [1, 42] as [UInt64])
    func `a step is found soon, and the same seed finds the same`(kind: Kind, seed: UInt64) {
        var streams = DriftStreams(seed: seed)
        let values = streams.values(4_000) { streams, index in streams.bell() + (index >= 2_000 ? 3 : 0) }
        func check(_ detector: some DriftDetector) {
            var (first, second) = (detector, detector)
            let found = Self.indices(&first, values)
            #expect(found.contains { (2_000..<2_100).contains($0) }, "seed \(seed): \(found)")
            let again = Self.indices(&second, values)
            #expect(again == found, "seed \(seed)")
            #expect(first == second)
        }
        with(kind) { check($0) }
    }

    @Test(arguments: Kind.allCases, [3, 7] as [UInt64])
    func `going on from a snapshot equals never stopping`(kind: Kind, seed: UInt64) throws {
        var streams = DriftStreams(seed: seed)
        let values = streams.values(3_000) { streams, index in streams.bell() + Double(index / 700) }
        func check<Detector: DriftDetector>(_ detector: Detector) throws {
            var whole = detector
            let expected = Self.indices(&whole, values)
            var detector = detector
            var found: [Int] = []
            for (index, value) in values.enumerated() {
                if detector.absorb(value) { found.append(index) }
                guard index.isMultiple(of: 97) else { continue }
                detector = try JSONDecoder().decode(Detector.self, from: JSONEncoder().encode(detector))
            }
            #expect(found == expected, "seed \(seed)")
            #expect(detector == whole, "seed \(seed)")
        }
        try with(kind) { try check($0) }
    }

    @Test(arguments: Kind.allCases, [0, 3, -1e6] as [Double])
    func `a constant never drifts`(kind: Kind, value: Double) {
        func check(_ detector: some DriftDetector) {
            var detector = detector
            let found = Self.indices(&detector, Array(repeating: value, count: 5_000))
            #expect(found.isEmpty)
        }
        with(kind) { check($0) }
    }

    @Test(arguments: Kind.allCases)
    func `values that are not finite or too large are passed over and counted`(kind: Kind) {
        var streams = DriftStreams(seed: 5)
        let values = streams.values(3_000) { streams, index in streams.bell() + (index >= 1_500 ? 3 : 0) }
        let unusable: [Double] = [
            .nan, .infinity, -.infinity, 1e101, -.greatestFiniteMagnitude, .signalingNaN,
        ]
        func check(_ detector: some DriftDetector) {
            var (plain, dirty) = (detector, detector)
            for (index, value) in values.enumerated() {
                let onUnusable = dirty.absorb(unusable[index % unusable.count])
                #expect(!onUnusable)
                let (onDirty, onPlain) = (dirty.absorb(value), plain.absorb(value))
                #expect(onDirty == onPlain)
            }
            #expect(dirty.skippedValues == values.count)
            #expect(plain.skippedValues == 0)
        }
        with(kind) { check($0) }
    }

    @Test(arguments: Kind.allCases)
    func `extreme and denormal values neither trap nor leave a detector stuck`(kind: Kind) {
        let extremes: [Double] = [1e100, -1e100, 0, .leastNonzeroMagnitude, -0.0, 1e-300, 1e50]
        var streams = DriftStreams(seed: 6)
        func check(_ detector: some DriftDetector) {
            var detector = detector
            for index in 0..<5_000 { _ = detector.absorb(extremes[index % 7]) }
            var found = 0
            for index in 0..<20_000 where detector.absorb(streams.bell() + 1e101 * Double(index / 1_000 % 2))
            {
                found += 1
            }
            #expect(detector.skippedValues == 10_000, "found \(found)")
        }
        with(kind) { check($0) }
    }

    @Test(arguments: Kind.allCases)
    func `memory does not grow with the stream`(kind: Kind) throws {
        var streams = DriftStreams(seed: 8)
        func check(_ detector: some DriftDetector) throws {
            var detector = detector
            for _ in 0..<60_000 { _ = detector.absorb(streams.unit()) }
            #expect(try JSONEncoder().encode(detector).count < 6_000)
        }
        try with(kind) { try check($0) }
    }

    @Test(arguments: Kind.allCases)
    func `a snapshot that was tampered with is refused`(kind: Kind) throws {
        func check<Detector: DriftDetector>(_ detector: Detector) throws {
            var detector = detector
            for value in 0..<50 { _ = detector.absorb(Double(value % 3)) }
            let good = try #require(
                JSONSerialization.jsonObject(with: JSONEncoder().encode(detector)) as? [String: Any])
            for (key, value) in good {
                var bad = good
                if value is [Any] {
                    bad[key] = [-1, 1e300]
                } else if key == "parameters" {
                    bad[key] = ["delta": -1]
                } else {
                    bad[key] = -7.5
                }
                let data = try JSONSerialization.data(withJSONObject: bad)
                // What cannot be told from a real snapshot must at least be able to go on.
                guard var decoded = try? JSONDecoder().decode(Detector.self, from: data) else { continue }
                for value in 0..<300 { _ = decoded.absorb(Double(value % 5)) }
            }
            var negative = good
            negative["skippedValues"] = -1
            let data = try JSONSerialization.data(withJSONObject: negative)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Detector.self, from: data) }
        }
        try with(kind) { try check($0) }
    }

    @Test func `parameters out of range are told`() {
        var window = AdaptiveWindow.Parameters()
        #expect(window.isValid)
        window.delta = 0
        #expect(!window.isValid)
        window.delta = .nan
        #expect(!window.isValid)
        var test = PageHinkley.Parameters()
        #expect(test.isValid)
        test.threshold = .infinity
        #expect(!test.isValid)
        var smirnov = KolmogorovSmirnovWindow.Parameters()
        #expect(smirnov.isValid)
        smirnov.statSize = 51
        #expect(!smirnov.isValid, "49 older values are too few to draw 51 from")
    }

    @Test func `ADWIN with one bucket per size goes on where River's stops with an error`() {
        var parameters = AdaptiveWindow.Parameters()
        parameters.maxBuckets = 1
        parameters.clock = 1
        var window = AdaptiveWindow(parameters)
        var streams = DriftStreams(seed: 9)
        let values = streams.values(4_000) { streams, index in streams.bell() + (index >= 2_000 ? 2 : 0) }
        let found = Self.indices(&window, values)
        #expect(found.contains { (2_000..<2_300).contains($0) })
    }

    @Test func `each tells the level before and after a change`() throws {
        var streams = DriftStreams(seed: 10)
        let values = streams.values(2_000) { streams, index in streams.bell() + (index >= 1_000 ? 5 : 1) }
        var window = AdaptiveWindow()
        var test = PageHinkley(DriftSettings().pageHinkley)
        _ = Self.indices(&window, values)
        _ = Self.indices(&test, values)
        let cut = try #require(window.latestCut)
        #expect(abs(cut.olderMean - 1) < 0.2 && abs(cut.newerMean - 5) < 0.6)
        let change = try #require(test.latestChange)
        #expect(abs(change.olderMean - 1) < 0.3 && change.newerMean > change.olderMean)
    }
}
