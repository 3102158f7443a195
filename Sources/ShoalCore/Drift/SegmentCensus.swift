/// Tells of segments that have come and gone from one model to the next, each once.
///
/// By the identities in the models themselves, so that nothing is missed whichever way a model came into
/// force; their lineage says which of them were split or joined. The segments of the first model are no news.
struct SegmentCensus: Equatable, Sendable {
    private var generation: Int?
    /// Segments of the model before, by identity: `[k]`.
    private var known: [SegmentModel.Segment] = []

    init(_ model: SegmentModel?) {
        generation = model?.generation
        known = model?.segments ?? []
    }

    mutating func news(in model: SegmentModel, at moment: AlertLife.Moment) -> [DriftAlert] {
        defer {
            generation = model.generation
            known = model.segments
        }
        guard let generation, generation != model.generation else { return [] }
        var alerts: [DriftAlert] = []
        let before = Set(known.map(\.id))
        let now = Set(model.segments.map(\.id))
        for segment in known where !now.contains(segment.id) {
            let merger = Self.chapter(.mergedInto, of: segment.id, in: model)
            alerts.append(
                Self.alert(
                    merger == nil ? .retired : .mergedInto, segment, other: merger?.other, at: moment))
        }
        for segment in model.segments where !before.contains(segment.id) {
            let split = Self.chapter(.splitFrom, of: segment.id, in: model)
            alerts.append(
                Self.alert(split == nil ? .born : .splitFrom, segment, other: split?.other, at: moment))
        }
        return alerts
    }

    private static func chapter(
        _ kind: SegmentLineage.Kind, of segment: Int, in model: SegmentModel
    ) -> SegmentLineage? {
        model.lineage.last { $0.segment == segment && $0.kind == kind }
    }

    /// One record; news has no duration, so it is written as resolved, and its size is the segment's share.
    private static func alert(
        _ statistic: DriftFinding.Statistic, _ segment: SegmentModel.Segment, other: Int?,
        at moment: AlertLife.Moment
    ) -> DriftAlert {
        let isNew = statistic == .born || statistic == .splitFrom
        return DriftAlert(
            id: "segments:\(segment.label):\(statistic.rawValue)#\(moment.streamTimeMilliseconds)",
            state: .resolved, severity: .info, monitor: .segments, subject: segment.label,
            other: other.map { "s\($0)" }, direction: isNew ? .up : .down, size: segment.share,
            statistic: statistic, threshold: 0, reference: isNew ? 0 : segment.share,
            current: isNew ? segment.share : 0, sinceMilliseconds: moment.streamTimeMilliseconds,
            atMilliseconds: moment.streamTimeMilliseconds, modelVersion: moment.modelVersion,
            modelGeneration: moment.modelGeneration)
    }
}
