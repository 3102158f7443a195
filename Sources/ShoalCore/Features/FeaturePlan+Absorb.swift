internal import Glibc

extension FeaturePlan {
    /// Adds an accepted event to a profile.
    ///
    /// An accumulator A of an event with contribution x at time t: if t ≥ T, A ← A·2^(−(t−T)/h) + x and T ←
    /// t; if t < T, A ← A + x·2^(−(T−t)/h). Addition commutes, so events may come in any order.
    ///
    /// - Complexity: O(accumulators), and O(items) for baskets. Does not allocate.
    @inline(__always)
    func absorb(_ event: borrowing Event, into row: ProfileRow) {
        let time = event.timestampMilliseconds
        let newest = row.newestMilliseconds
        var lateness: Int64 = 0
        if time >= newest {
            if newest != .min, time > newest { fade(row, by: time - newest) }
            row.newestMilliseconds = time
        } else {
            lateness = newest - time
        }
        var mask = PredicateMask.everything
        for index in 0..<matcher.eventFieldCount {
            mask &= matcher.mask(of: event[matcher.fields[index].field], at: index)
        }
        if event.itemCount == 0 {
            mask &= itemMask(event[.category], event[.productID])
            contribute(event, mask: mask, lateness: lateness, to: row)
        } else {
            absorbBasket(event, mask: mask, lateness: lateness, into: row)
        }
    }

    /// What the category and product fields of an event, or of one item, allow.
    @inline(__always)
    private func itemMask(_ category: FieldValue, _ product: FieldValue) -> PredicateMask {
        var mask = PredicateMask.everything
        if matcher.category >= 0 { mask &= matcher.mask(of: category, at: matcher.category) }
        if matcher.product >= 0 { mask &= matcher.mask(of: product, at: matcher.product) }
        return mask
    }

    @inline(__always)
    private func fade(_ row: ProfileRow, by milliseconds: Int64) {
        for index in fadingRuns.indices {
            let run = fadingRuns[index]
            let factor = Float(exp2(-Double(milliseconds) * run.rate))
            for slot in run.firstSlot..<run.endSlot { row[accumulator: slot, layout] *= factor }
        }
    }

    @inline(__always)
    private func contribute(
        _ event: borrowing Event, mask: PredicateMask, lateness: Int64, to row: ProfileRow
    ) {
        for index in contributions.indices {
            let contribution = contributions[index]
            guard mask.contains(contribution.predicate) else { continue }
            let added: Double
            switch contribution.source {
            case .one: added = 1
            case .number, .itemAmount: added = event[contribution.field].number ?? 0
            case .presence, .itemPresence: added = event[contribution.field].number == nil ? 0 : 1
            case .negativeMagnitude, .negativeItemMagnitude:
                added = -abs(event[contribution.field].number ?? 0)
            }
            add(added, to: contribution.slot, of: row, lateness: lateness)
        }
        absorbTimes(event, mask: mask, lateness: lateness, into: row)
        for index in sketches.indices {
            let sketch = sketches[index]
            guard mask.contains(sketch.predicate) else { continue }
            if let hash = DistinctSketch.hash(event[sketch.field]) {
                row[sketch: sketch.sketch, layout].insert(hash)
            }
        }
    }

    @inline(__always)
    private func add(_ value: Double, to slot: Int, of row: ProfileRow, lateness: Int64) {
        var value = value
        if lateness > 0 { value *= exp2(-Double(lateness) * fadingRuns[runOfSlot[slot]].rate) }
        row[accumulator: slot, layout] = Float(Double(row[accumulator: slot, layout]) + value)
    }

    @inline(__always)
    private func absorbTimes(
        _ event: borrowing Event, mask: PredicateMask, lateness: Int64, into row: ProfileRow
    ) {
        let time = event.timestampMilliseconds
        for index in gaps.indices {
            let gap = gaps[index]
            guard mask.contains(gap.predicate) else { continue }
            let before = row[time: gap.time, layout]
            if before != .min, time > before {
                add(Double(time - before) / 3_600_000, to: gap.sum, of: row, lateness: lateness)
                add(1, to: gap.count, of: row, lateness: lateness)
            }
        }
        for index in newestTimes.indices {
            let newest = newestTimes[index]
            guard mask.contains(newest.predicate) else { continue }
            if time > row[time: newest.time, layout] { row[time: newest.time, layout] = time }
        }
        for index in lasts.indices {
            let last = lasts[index]
            guard mask.contains(last.predicate) else { continue }
            guard let number = event[last.field].number, time >= row[time: last.time, layout] else {
                continue
            }
            row[time: last.time, layout] = time
            row[accumulator: last.slot, layout] = Float(number)
        }
    }

    /// A basket is one event: a predicate on category or product holds if the event's own fields or any one
    /// item match.
    private func absorbBasket(
        _ event: borrowing Event, mask: PredicateMask, lateness: Int64, into row: ProfileRow
    ) {
        let own = itemMask(event[.category], event[.productID])
        var ofItems = PredicateMask(repeating: 0)
        for index in 0..<event.itemCount {
            let item = event.item(index)
            ofItems |= itemMask(item.category, item.productID)
        }
        let holds = mask & (own | ofItems)
        for index in contributions.indices {
            let contribution = contributions[index]
            guard holds.contains(contribution.predicate) else { continue }
            let number = event[contribution.field].number
            let itemsMatch = ofItems.contains(contribution.predicate)
            let added: Double
            switch contribution.source {
            case .one: added = 1
            case .number: added = number ?? 0
            case .presence: added = number == nil ? 0 : 1
            case .negativeMagnitude: added = -abs(number ?? 0)
            case .itemAmount: added = itemsMatch ? itemAmount(event, contribution.predicate) : number ?? 0
            case .itemPresence: added = itemsMatch || number != nil ? 1 : 0
            case .negativeItemMagnitude:
                added = -abs(itemsMatch ? itemAmount(event, contribution.predicate) : number ?? 0)
            }
            add(added, to: contribution.slot, of: row, lateness: lateness)
        }
        absorbTimes(event, mask: holds, lateness: lateness, into: row)
        for index in sketches.indices {
            let sketch = sketches[index]
            guard holds.contains(sketch.predicate) else { continue }
            insertBasket(event, own: own, into: row, sketch)
        }
    }

    /// Σ quantity·price of the items that a predicate accepts.
    private func itemAmount(_ event: borrowing Event, _ predicate: Int) -> Double {
        var amount = 0.0
        for index in 0..<event.itemCount {
            let item = event.item(index)
            if itemMask(item.category, item.productID).contains(predicate) {
                amount += item.quantity * item.price
            }
        }
        return amount
    }

    private func insertBasket(
        _ event: borrowing Event, own: PredicateMask, into row: ProfileRow, _ sketch: Sketch
    ) {
        if own.contains(sketch.predicate), let hash = DistinctSketch.hash(event[sketch.field]) {
            row[sketch: sketch.sketch, layout].insert(hash)
        }
        let isCategory = sketch.field == EventSchema.WellKnown.category.rawValue
        guard isCategory || sketch.field == EventSchema.WellKnown.productID.rawValue else { return }
        for index in 0..<event.itemCount {
            let item = event.item(index)
            guard itemMask(item.category, item.productID).contains(sketch.predicate) else { continue }
            if let hash = DistinctSketch.hash(isCategory ? item.category : item.productID) {
                row[sketch: sketch.sketch, layout].insert(hash)
            }
        }
    }
}
