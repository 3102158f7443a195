internal import Testing

@testable internal import ShoalEngine

@Suite struct CustomerPlaceTests {
    private static func lane(
        _ partitions: [Int32], hasJoined: Bool = true, _ phase: LaneStatus.Phase = .live
    ) -> LaneStatus {
        var status = LaneStatus()
        (status.partitions, status.hasJoined, status.phase) = (partitions, hasJoined, phase)
        return status
    }

    @Test func `a customer is with the lane that has the partition`() {
        let lanes = [Self.lane([0, 1]), Self.lane([2, 3])]
        #expect(CustomerPlace(of: 1, among: lanes) == .lane(0))
        #expect(CustomerPlace(of: 3, among: lanes) == .lane(1))
    }

    @Test func `nobody is sent elsewhere before the group has told every lane what is its own`() {
        let ahead = [Self.lane([0, 1]), Self.lane([], hasJoined: false, .joining)]
        #expect(CustomerPlace(of: 2, among: ahead) == .undecided)
        #expect(CustomerPlace(of: 0, among: ahead) == .lane(0))
        #expect(CustomerPlace(of: 2, among: [Self.lane([0]), Self.lane([], .recovering)]) == .undecided)
        #expect(CustomerPlace(of: 2, among: [Self.lane([0]), Self.lane([1])]) == .elsewhere)
        #expect(CustomerPlace(of: 2, among: [Self.lane([0]), Self.lane([], .joining)]) == .elsewhere)
    }
}
