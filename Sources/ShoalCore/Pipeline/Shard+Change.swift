extension Shard {
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
            + active.reasons.bytesMax
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
        var isComplete = true
        if let nearest, let vectorSlot {
            let move = active.move(fromSegment: from, to: nearest.index)
            let vector = unsafe UnsafeRawPointer(batch.vector(vectorSlot))
            isComplete = !output.defersReasons
            if isComplete {
                unsafe active.reasons.write(move, vector: vector, &cursor)
            } else {
                unsafe output.defer(active.reasons, move, vector: vector, &cursor)
            }
        }
        if isComplete { cursor.append("}") }
        let end = isComplete ? cursor.count : bodyEnd
        let (partition, key) = (settings.partition, start..<start + valueStart)
        output.add(
            .changes, partition: partition, key: key, value: start + valueStart..<start + end,
            isComplete: isComplete)
        if settings.writesCurrentSegments {
            let valueEnd = cursor.count
            if nearest == nil {
                output.add(.currentSegments, partition: partition, key: key, value: nil)
            } else {
                cursor.append(copyOf: valueStart..<headEnd)
                cursor.append(copyOf: bodyStart..<bodyEnd)
                cursor.append("}")
                output.add(
                    .currentSegments, partition: partition, key: key,
                    value: start + valueEnd..<start + cursor.count)
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
}
