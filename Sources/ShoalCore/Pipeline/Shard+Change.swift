extension Shard {
    /// How many reasons a change gives at most.
    private static var reasonsMax: Int { 5 }

    /// Moves a profile to a segment (`nil`: to none) and writes the records that say so.
    mutating func writeChange(
        _ index: Int, to nearest: ActiveModel.Nearest?, vectorSlot: Int?, cause: Cause,
        into output: inout OutputBuffer
    ) {
        let row = profiles.rowToChange(at: index)
        let from = row.segmentID
        let toID = nearest.map { active.ids[$0.index] } ?? 0
        row.revision &+= 1
        row.segmentID = toID
        row.candidateCount = 0
        if plan.layout.lastChange != 0 { row.store(streamTimeMilliseconds, at: plan.layout.lastChange) }
        counters.changes += 1
        if from != 0, toID != 0, cause.isMove { segmentMoves += 1 }
        if from != 0 {
            flows[Int(from)].left += 1
            flows[Int(from)].members -= 1
        }
        if toID != 0 {
            flows[Int(toID)].entered += 1
            flows[Int(toID)].members += 1
        }
        moves.count(from: from, to: toID)
        writeRecords(index, from: from, to: nearest, vectorSlot: vectorSlot, cause: cause, &output)
    }

    /// Room for a change beside its customer, names and topic: its fixed words and its numbers.
    private static var plainBytesMax: Int { 1_024 }
    /// Room for a reason beside its feature's name.
    private static var reasonBytesMax: Int { 256 }

    /// The change as the schema `shoal.segment-change/1` has it, and what is in force now, which is the same
    /// without its origin and reasons.
    private mutating func writeRecords(
        _ index: Int, from: UInt32, to nearest: ActiveModel.Nearest?, vectorSlot: Int?, cause: Cause,
        _ output: inout OutputBuffer
    ) {
        let row = profiles.row(at: index)
        let customer = profiles.key(at: index)
        let start = output.bytes
        let room =
            customer.count + 2 * OutputCursor.escapedBytesMax(customer.count) + Self.plainBytesMax
            + segmentNames.longest * 2 + topics.longest + OutputCursor.escapedBytesMax(cause.typeBytes)
            + Self.reasonsMax * (featureNames.longest + Self.reasonBytesMax)
        var cursor = output.cursor(room: 2 * room)
        cursor.append(customer)
        let valueStart = cursor.count
        writeHead(row, customer, &cursor)
        let headEnd = cursor.count
        writeSegment(",\"from\":", from, &cursor)
        let bodyStart = cursor.count
        writeSegment(",\"to\":", row.segmentID, &cursor)
        cursor.append(",\"at\":\"")
        // A partition that was taken over may be asked to forget before it has seen an event.
        cursor.append(
            time: streamTimeMilliseconds == .min ? row.firstSeenMilliseconds : streamTimeMilliseconds)
        writeCause(cause, &cursor)
        if let nearest, vectorSlot != nil { writeDecision(nearest, &cursor) }
        if let holdout = settings.holdout {
            let isControl = holdout.group(of: customer) == .control
            cursor.append(isControl ? ",\"group\":\"control\"" : ",\"group\":\"treatment\"")
        }
        let bodyEnd = cursor.count
        if let nearest, let vectorSlot {
            writeReasons(from: from, to: nearest.index, vectorSlot: vectorSlot, &cursor)
        }
        cursor.append("}")
        let end = cursor.count
        let (partition, key) = (settings.partition, start..<start + valueStart)
        output.add(.changes, partition: partition, key: key, value: start + valueStart..<start + end)
        if settings.writesCurrentSegments {
            if nearest == nil {
                output.add(.currentSegments, partition: partition, key: key, value: nil)
            } else {
                cursor.append(copyOf: valueStart..<headEnd)
                cursor.append(copyOf: bodyStart..<bodyEnd)
                cursor.append("}")
                output.add(
                    .currentSegments, partition: partition, key: key,
                    value: start + end..<start + cursor.count)
            }
        }
        output.advance(to: cursor)
    }

    @inline(__always)
    private func writeHead(_ row: ProfileRow, _ customer: LentBytes, _ cursor: inout OutputCursor) {
        cursor.append("{\"schema\":\"shoal.segment-change/1\",\"change_id\":\"")
        let customerStart = cursor.count
        cursor.appendEscaped(customer)
        let customerEnd = cursor.count
        cursor.append("#")
        cursor.append(integer: row.firstSeenMilliseconds)
        let firstSeenEnd = cursor.count
        cursor.append("#")
        cursor.append(integer: Int64(row.revision))
        cursor.append("\",\"customer_id\":\"")
        cursor.append(copyOf: customerStart..<customerEnd)
        cursor.append("\",\"first_seen\":")
        cursor.append(copyOf: customerEnd + 1..<firstSeenEnd)
        cursor.append(",\"revision\":")
        cursor.append(integer: Int64(row.revision))
    }

    @inline(__always)
    private func writeSegment(_ field: StaticString, _ id: UInt32, _ cursor: inout OutputCursor) {
        cursor.append(field)
        guard id != 0 else { return cursor.append("null") }
        cursor.append("{\"id\":\"s")
        cursor.append(integer: Int64(id))
        cursor.append("\",\"name\":\"")
        cursor.append(segmentNames[Int(id)])
        cursor.append("\"}")
    }

    @inline(__always)
    private func writeCause(_ cause: Cause, _ cursor: inout OutputCursor) {
        switch cause {
        case .model: cursor.append("\",\"cause\":\"model\"")
        case .time: cursor.append("\",\"cause\":\"time\"")
        case .erasure: cursor.append("\",\"cause\":\"erasure\"")
        case .event(let type, let position):
            cursor.append("\",\"cause\":\"event\",\"event\":{\"type\":\"")
            cursor.appendEscaped(type.text)
            cursor.append("\",\"topic\":\"")
            cursor.append(topics[position.topic])
            cursor.append("\",\"partition\":")
            cursor.append(integer: Int64(position.partition))
            cursor.append(",\"offset\":")
            cursor.append(integer: position.offset)
            cursor.append("}")
        }
    }

    @inline(__always)
    private func writeDecision(_ nearest: ActiveModel.Nearest, _ cursor: inout OutputCursor) {
        let confidence =
            nearest.secondSquaredDistance.isFinite && nearest.secondSquaredDistance > 0
            ? 1 - (nearest.squaredDistance / nearest.secondSquaredDistance).squareRoot()
            : nearest.secondSquaredDistance.isFinite ? 0 : 1
        cursor.append(",\"confidence\":")
        cursor.append(rounded: Double(confidence))
        cursor.append(",\"distance\":")
        cursor.append(rounded: Double(nearest.squaredDistance).squareRoot())
        let isOutlier = nearest.squaredDistance > active.outlierSquaredDistances[nearest.index]
        cursor.append(isOutlier ? ",\"outlier\":true" : ",\"outlier\":false")
        cursor.append(",\"model\":{\"version\":")
        cursor.append(integer: Int64(active.version))
        cursor.append(",\"generation\":")
        cursor.append(integer: Int64(active.generation))
        cursor.append("}")
    }

    /// The features that speak most for the new segment against the old, or against the population's mean.
    ///
    /// A feature's contribution is its share of what speaks for the move: of the terms of d²(x, from) −
    /// d²(x, to) that are positive. Of all terms it would be any number where they cancel out.
    private mutating func writeReasons(
        from: UInt32, to: Int, vectorSlot: Int, _ cursor: inout OutputCursor
    ) {
        let vector = unsafe batch.vector(vectorSlot)
        let origin = active.index(ofSegment: from)
        // The largest so far, in falling order; of equal ones the first feature's comes first.
        var best = InlineArray<5, (gain: Double, feature: Int)>(repeating: (0, 0))
        var count = 0
        var total = 0.0
        for feature in 0..<plan.featureCount {
            let value = unsafe Double(vector[feature])
            let before = value - active.typical(feature, ofSegment: origin)
            let after = value - active.typical(feature, ofSegment: to)
            let gain = active.factor(feature) * (before * before - after * after)
            guard gain > 0 else { continue }
            total += gain
            if count == best.count, gain <= best[count - 1].gain { continue }
            count = min(count + 1, best.count)
            var place = count - 1
            while place > 0, gain > best[place - 1].gain {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = (gain, feature)
        }
        cursor.append(",\"reasons\":[")
        for rank in 0..<count {
            let (gain, feature) = best[rank]
            cursor.append(rank == 0 ? "{\"feature\":\"" : ",{\"feature\":\"")
            cursor.append(featureNames[feature])
            cursor.append("\",\"value\":")
            cursor.append(rounded: unsafe Double(vector[feature]))
            cursor.append(",\"typical\":")
            active.writeTypical(feature, ofSegment: to, &cursor)
            cursor.append(",\"was_typical\":")
            active.writeTypical(feature, ofSegment: origin, &cursor)
            cursor.append(",\"contribution\":")
            cursor.append(rounded: gain / total)
            cursor.append("}")
        }
        cursor.append("]")
    }
}
