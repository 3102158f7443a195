import ShoalCore
import ShoalTestSupport

/// Customers as points: the newest event of a customer says where they are, so that distances can be worked
/// out by hand.
struct PointShop {
    struct Segment {
        var id: Int
        var name: String
        var centre: [Double]
        var outlierSquaredDistance = 1e9
    }

    static let startMilliseconds: Int64 = 1_767_225_600_000

    var segments: [Segment]
    var scales: [Double]
    var weights: [Double]
    var means: [Double]
    var version = 1
    var generation = 1

    /// Two segments on the first axis, far apart; both axes count alike.
    static let pair = PointShop(
        segments: [
            Segment(id: 1, name: "left", centre: [0, 0]), Segment(id: 2, name: "right", centre: [10, 0]),
        ], scales: [1, 1], weights: [1, 1], means: [5, 0])

    var dimension: Int { scales.count }
    var features: [FeatureDefinition] { StreamOfShoppers.features(dimension) }

    func model(planHash: UInt64, named names: [String]? = nil) -> SegmentModel {
        SegmentModel(
            version: version, generation: generation, planHash: planHash,
            featureNames: names ?? features.map(\.name),
            segments: segments.map {
                SegmentModel.Segment(
                    id: $0.id, name: $0.name, share: 0.5, outlierSquaredDistance: $0.outlierSquaredDistance)
            },
            centroids: segments.flatMap(\.centre), masses: segments.map { _ in 100 }, scales: scales,
            means: means, weights: weights, priors: scales.map { _ in 0 },
            nextSegmentID: (segments.map(\.id).max() ?? 0) + 1, trainedAtMilliseconds: 0)
    }

    /// d² by the book: Σ w·((x − c)/σ)², without constant features.
    func squaredDistance(_ point: [Double], _ centre: [Double]) -> Double {
        terms(point, centre).reduce(0, +)
    }

    /// Each feature's part of d².
    func terms(_ point: [Double], _ centre: [Double]) -> [Double] {
        (0..<dimension).map { axis in
            if scales[axis] < 1e-6 { return 0 }
            let difference = (point[axis] - centre[axis]) / scales[axis]
            return weights[axis] * difference * difference
        }
    }

    /// A line that puts a customer somewhere.
    static func event(
        _ customer: String, at point: [Double], minute: Int, type: String = "move", extra: String = ""
    ) -> String {
        let axes = point.indices.map { ",\"f\($0)\":\(point[$0])" }.joined()
        return
            #"{"type":"\#(type)","customer_id":"\#(customer)","timestamp":\#(time(minute))\#(axes)\#(extra)}"#
    }

    static func control(_ type: String, _ customer: String, minute: Int) -> String {
        #"{"type":"\#(type)","customer_id":"\#(customer)","timestamp":\#(time(minute))}"#
    }

    static func time(_ minute: Int) -> Int64 { startMilliseconds + Int64(minute) * 60_000 }
    static func text(_ minute: Int) -> String { OutputBuffer.timeText(time(minute)) }
}
