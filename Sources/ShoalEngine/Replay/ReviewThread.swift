internal import Dispatch
internal import Foundation
internal import ShoalCore
internal import Synchronization

/// Carries out a replay's reviews, each in a thread of its own.
final class ReviewThread: SegmentReviewer {
    private let result = Mutex<SegmentReview.Outcome?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    func begin(_ review: SegmentReview) {
        let thread = Thread { [self] in
            let outcome = review.outcome()
            result.withLock { $0 = outcome }
            isDone.signal()
        }
        thread.name = "shoal review"
        thread.start()
    }

    func outcome() -> SegmentReview.Outcome {
        isDone.wait()
        guard let outcome = result.withLock({ $0.take() }) else {
            preconditionFailure("The trainer asks once for each review that it has begun.")
        }
        return outcome
    }
}
