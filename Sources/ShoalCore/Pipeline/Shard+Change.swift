extension Shard {
    /// How many reasons a change gives at most.
    private static let reasonsMax = 5

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
        write(.changes, index, from: from, to: nearest, vectorSlot: vectorSlot, cause: cause, &output)
        if settings.writesCurrentSegments {
            write(
                .currentSegments, index, from: from, to: nearest, vectorSlot: vectorSlot, cause: cause,
                &output)
        }
    }

    /// One record, as the schema `shoal.segment-change/1` has it.
    private mutating func write(
        _ stream: OutputBuffer.Stream, _ index: Int, from: UInt32, to nearest: ActiveModel.Nearest?,
        vectorSlot: Int?, cause: Cause, _ output: inout OutputBuffer
    ) {
        let row = profiles.row(at: index)
        let customer = profiles.key(at: index)
        let keyStart = output.bytes
        output.append(customer)
        let key = keyStart..<output.bytes
        if stream == .currentSegments, nearest == nil {
            output.add(stream, partition: settings.partition, key: key, value: nil)
            return
        }
        let start = output.bytes
        output.append("{\"schema\":\"shoal.segment-change/1\",\"change_id\":\"")
        output.appendEscaped(customer)
        output.append("#")
        output.append(integer: row.firstSeenMilliseconds)
        output.append("#")
        output.append(integer: Int64(row.revision))
        output.append("\",\"customer_id\":\"")
        output.appendEscaped(customer)
        output.append("\",\"first_seen\":")
        output.append(integer: row.firstSeenMilliseconds)
        output.append(",\"revision\":")
        output.append(integer: Int64(row.revision))
        if stream == .changes { writeSegment(",\"from\":", from, &output) }
        writeSegment(",\"to\":", row.segmentID, &output)
        output.append(",\"at\":\"")
        // A partition that was taken over may be asked to forget before it has seen an event.
        output.append(
            time: streamTimeMilliseconds == .min ? row.firstSeenMilliseconds : streamTimeMilliseconds)
        writeCause(cause, &output)
        if let nearest, let vectorSlot {
            writeDecision(nearest, &output)
            if stream == .changes {
                writeReasons(from: from, to: nearest.index, vectorSlot: vectorSlot, &output)
            }
        }
        output.append("}")
        output.add(stream, partition: settings.partition, key: key, value: start..<output.bytes)
    }

    private mutating func writeSegment(_ field: StaticString, _ id: UInt32, _ output: inout OutputBuffer) {
        output.append(field)
        guard id != 0 else {
            output.append("null")
            return
        }
        output.append("{\"id\":\"s")
        output.append(integer: Int64(id))
        output.append("\",\"name\":\"")
        output.append(segmentNames[Int(id)])
        output.append("\"}")
    }

    private mutating func writeCause(_ cause: Cause, _ output: inout OutputBuffer) {
        switch cause {
        case .model: output.append("\",\"cause\":\"model\"")
        case .time: output.append("\",\"cause\":\"time\"")
        case .erasure: output.append("\",\"cause\":\"erasure\"")
        case .event(let type, let position):
            output.append("\",\"cause\":\"event\",\"event\":{\"type\":\"")
            output.appendEscaped(type.text)
            output.append("\",\"topic\":\"")
            output.append(topics[position.topic])
            output.append("\",\"partition\":")
            output.append(integer: Int64(position.partition))
            output.append(",\"offset\":")
            output.append(integer: position.offset)
            output.append("}")
        }
    }

    private mutating func writeDecision(_ nearest: ActiveModel.Nearest, _ output: inout OutputBuffer) {
        let confidence =
            nearest.secondSquaredDistance.isFinite && nearest.secondSquaredDistance > 0
            ? 1 - (nearest.squaredDistance / nearest.secondSquaredDistance).squareRoot()
            : nearest.secondSquaredDistance.isFinite ? 0 : 1
        output.append(",\"confidence\":")
        output.append(rounded: Double(confidence))
        output.append(",\"distance\":")
        output.append(rounded: Double(nearest.squaredDistance).squareRoot())
        let isOutlier = nearest.squaredDistance > active.outlierSquaredDistances[nearest.index]
        output.append(isOutlier ? ",\"outlier\":true" : ",\"outlier\":false")
        output.append(",\"model\":{\"version\":")
        output.append(integer: Int64(active.version))
        output.append(",\"generation\":")
        output.append(integer: Int64(active.generation))
        output.append("}")
    }

    /// The features that speak most for the new segment against the old, or against the population's mean.
    ///
    /// A feature's contribution is its share of what speaks for the move: of the terms of d²(x, from) −
    /// d²(x, to) that are positive. Of all terms it would be any number where they cancel out.
    private mutating func writeReasons(
        from: UInt32, to: Int, vectorSlot: Int, _ output: inout OutputBuffer
    ) {
        let vector = unsafe batch.vector(vectorSlot)
        let origin = active.index(ofSegment: from)
        var total = 0.0
        for feature in gains.indices {
            let value = unsafe Double(vector[feature])
            let before = value - active.typical(feature, ofSegment: origin)
            let after = value - active.typical(feature, ofSegment: to)
            gains[feature] = active.factor(feature) * (before * before - after * after)
            total += max(0, gains[feature])
        }
        output.append(",\"reasons\":[")
        for rank in 0..<Self.reasonsMax where total > 0 {
            var best = 0
            for feature in gains.indices where gains[feature] > gains[best] { best = feature }
            let gain = gains[best]
            if gain <= 0 { break }
            gains[best] = 0
            output.append(rank == 0 ? "{\"feature\":\"" : ",{\"feature\":\"")
            output.append(featureNames[best])
            output.append("\",\"value\":")
            output.append(rounded: unsafe Double(vector[best]))
            output.append(",\"typical\":")
            output.append(rounded: active.typical(best, ofSegment: to))
            output.append(",\"was_typical\":")
            output.append(rounded: active.typical(best, ofSegment: origin))
            output.append(",\"contribution\":")
            output.append(rounded: gain / total)
            output.append("}")
        }
        output.append("]")
    }
}
