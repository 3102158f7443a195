extension ModelDifference {
    /// Compares two models, of the same plan or not.
    package init(from old: SegmentModel, to new: SegmentModel) {
        from = Stamp(old)
        to = Stamp(new)
        hasSamePlan = old.planHash == new.planHash
        featuresGone = old.featureNames.filter { !new.featureNames.contains($0) }
        featuresAdded = new.featureNames.filter { !old.featureNames.contains($0) }
        born = new.segments.filter { segment in !old.segments.contains { $0.id == segment.id } }
            .map(Segment.init)
        retired = old.segments.filter { segment in !new.segments.contains { $0.id == segment.id } }
            .map(Segment.init)
        let axes = Self.commonAxes(old, new)
        kept = new.segments.indices.compactMap { index in
            let id = new.segments[index].id
            return old.segments.firstIndex { $0.id == id }.map { formerIndex in
                Movement(from: formerIndex, of: old, to: index, of: new, axes: axes)
            }
        }
        means = axes.compactMap { axis in
            let shift = Shift(old.means[axis.old], new.means[axis.new], axis: axis.old, of: old)
            return shift.from == shift.to ? nil : shift
        }
        scales = axes.compactMap { axis in
            let (from, to) = (old.scales[axis.old], new.scales[axis.new])
            return from == to ? nil : Scale(feature: old.featureNames[axis.old], from: from, to: to)
        }
        settings = Set(old.settings.keys).union(new.settings.keys).sorted().compactMap { name in
            let (from, to) = (old.settings[name], new.settings[name])
            return from == to ? nil : Setting(name: name, from: from, to: to)
        }
    }

    /// Where each feature that both models have stands in them.
    private static func commonAxes(
        _ old: SegmentModel, _ new: SegmentModel
    ) -> [(old: Int, new: Int)] {
        old.featureNames.enumerated().compactMap { index, name in
            new.featureNames.firstIndex(of: name).map { (index, $0) }
        }
    }
}

extension ModelDifference.Stamp {
    package init(_ model: SegmentModel) {
        self.init(
            version: model.version, generation: model.generation,
            plan: SegmentModel.hexadecimal(model.planHash),
            trainedAtMilliseconds: model.trainedAtMilliseconds, segments: model.segmentCount)
    }
}

extension ModelDifference.Segment {
    fileprivate init(_ segment: SegmentModel.Segment) {
        self.init(id: segment.label, name: segment.name, share: segment.share)
    }
}

extension ModelDifference.Movement {
    fileprivate init(
        from formerIndex: Int, of old: SegmentModel, to index: Int, of new: SegmentModel,
        axes: [(old: Int, new: Int)]
    ) {
        let (former, segment) = (old.segments[formerIndex], new.segments[index])
        var squaredDistance = 0.0
        var shifts: [(shift: ModelDifference.Shift, score: Double)] = []
        for axis in axes {
            let shift = ModelDifference.Shift(
                old.centroids[formerIndex * old.featureCount + axis.old],
                new.centroids[index * new.featureCount + axis.new], axis: axis.old, of: old)
            let score = old.weights[axis.old] * shift.shift * shift.shift
            squaredDistance += score
            if score > 0 { shifts.append((shift, score)) }
        }
        let order = shifts.indices.sorted { left, right in
            shifts[left].score != shifts[right].score
                ? shifts[left].score > shifts[right].score : left < right
        }
        self.init(
            id: segment.label, name: segment.name,
            formerName: former.name == segment.name ? nil : former.name,
            distance: squaredDistance.squareRoot(),
            features: order.prefix(ModelDifference.shiftsMax).map { shifts[$0].shift },
            formerShare: former.share, share: segment.share)
    }
}

extension ModelDifference.Shift {
    fileprivate init(_ from: Double, _ to: Double, axis: Int, of old: SegmentModel) {
        let scale = old.scales[axis]
        self.init(
            feature: old.featureNames[axis], from: from, to: to,
            shift: scale < SegmentModel.constantScale ? 0 : (to - from) / scale)
    }
}
