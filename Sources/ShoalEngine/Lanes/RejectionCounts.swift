package import ShoalCore

/// How many records were rejected for each reason.
package struct RejectionCounts: Equatable, Sendable {
    private var counts = Array(repeating: 0, count: EventRejection.Reason.allCases.count)

    package init() {}

    package subscript(reason: EventRejection.Reason) -> Int { counts[Int(reason.rawValue)] }

    mutating func count(_ rejection: EventRejection) { counts[Int(rejection.reason.rawValue)] += 1 }

    package static func + (left: RejectionCounts, right: RejectionCounts) -> RejectionCounts {
        var sum = left
        for index in sum.counts.indices { sum.counts[index] += right.counts[index] }
        return sum
    }
}
