internal import ShoalCore
internal import Synchronization

/// Keeps reviews of segments, so that one can be carried out again and again.
final class KeptReview: SegmentReviewer {
    private let kept = Mutex<SegmentReview?>(nil)

    var newest: SegmentReview {
        guard let review = kept.withLock(\.self) else {
            preconditionFailure("There were events enough for a review.")
        }
        return review
    }

    func begin(_ review: SegmentReview) { kept.withLock { $0 = review } }

    func outcome() -> SegmentReview.Outcome { newest.outcome() }
}
