/// A review of the segments as they were at one moment, whose outcome nobody needs yet.
///
/// What it wants must be wanted by the next review too, when there is more evidence, so until then it may
/// take its time in another thread. The outcome is the same as if it had been carried out at once.
package struct SegmentReview: Sendable {
    package struct Outcome: Sendable {
        let wantsChange: Bool
        /// As the review leaves it.
        let generator: SeededGenerator
    }

    private let trainer: Trainer

    /// - Parameter trainer: as it is at that moment; without a `reviewer`.
    init(of trainer: Trainer) { self.trainer = trainer }

    /// Carries it out.
    ///
    /// - Complexity: some milliseconds; hundreds where k is chosen too.
    package func outcome() -> Outcome {
        var trainer = trainer
        trainer.review(.evidence)
        return Outcome(wantsChange: trainer.proposedMass != nil, generator: trainer.generator)
    }
}

/// Carries out reviews beside the thread that learns, one at a time.
package protocol SegmentReviewer: AnyObject, Sendable {
    /// Begins a review; the one before has been waited for.
    func begin(_ review: SegmentReview)

    /// Waits for the review that was begun.
    func outcome() -> SegmentReview.Outcome
}
