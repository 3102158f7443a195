/// What a model holds to be typical, as the reasons of changes tell it.
// Unchecked, because the numbers never change, and the texts belong to the one thread that writes reasons:
// the shard's, or the one that drains an `OutputBuffer` that defers them.
@safe final class ReasonTable: @unchecked Sendable {
    /// As many reasons as a change gives at most.
    private typealias Ranking = InlineArray<5, (gain: Double, feature: Int)>

    /// Room for a reason beside its feature's name.
    private static var reasonBytesMax: Int { 256 }
    private static var textBytes: Int { ShortText.paddedBytes }

    let featureCount: Int
    let segmentCount: Int
    private let featureNames: FrozenTexts
    // Owned by this object alone, allocated and freed with it; the indices are bounded by the counts above.
    private let rows: UnsafeMutablePointer<Double>
    /// As `writeTypical` writes the first k + 1 rows, each text with its length in its last byte.
    ///
    /// The length is 0 until the text is wanted; a model is in force for thousands of events.
    private let texts: UnsafeMutablePointer<UInt8>

    /// Before the first model: there are no segments to move to.
    init() {
        (featureCount, segmentCount) = (0, 0)
        featureNames = FrozenTexts()
        unsafe rows = .allocate(capacity: 0)
        unsafe texts = .allocate(capacity: 0)
    }

    /// - Parameters:
    ///   - model: whose numbers are told.
    ///   - featureNames: `[d]`, escaped.
    init(_ model: SegmentModel, featureNames: FrozenTexts) {
        let d = model.featureCount
        featureCount = d
        segmentCount = model.segmentCount
        self.featureNames = featureNames
        unsafe rows = .allocate(capacity: (model.segmentCount + 2) * d)
        for (index, value) in (model.centroids + model.means + model.distanceFactors).enumerated() {
            unsafe (rows + index).initialize(to: value)
        }
        let textBytes = (model.segmentCount + 1) * d * Self.textBytes
        unsafe texts = .allocate(capacity: textBytes)
        unsafe texts.initialize(repeating: 0, count: textBytes)
    }

    deinit {
        unsafe rows.deallocate()
        unsafe texts.deallocate()
    }

    /// Rows of `[d]`: each centroid, then the population's mean, then the factors; lent for as long as this
    /// lives.
    @inline(__always)
    var numbers: UnsafePointer<Double> { unsafe UnsafePointer(rows) }

    var vectorBytes: Int { featureCount * MemoryLayout<Float>.size }

    /// Room that reasons take at most, or what they are made of until they are written.
    @inline(__always)
    var bytesMax: Int {
        max(Ranking.count * (featureNames.longest + Self.reasonBytesMax), vectorBytes) + Self.reasonBytesMax
    }

    /// Writes the features that speak most for the new segment against the old, or against the population's
    /// mean.
    ///
    /// A feature's contribution is its share of what speaks for the move: of the terms of d²(x, from) −
    /// d²(x, to) that are positive. Of all terms it would be any number where they cancel out.
    ///
    /// - Parameters:
    ///   - move: row of the segment that is left, of the population for none, and of the one that is entered.
    ///   - vector: `[d]`, in feature space; of any alignment.
    ///   - cursor: with `bytesMax` of room.
    func write(_ move: Move, vector: UnsafeRawPointer, _ cursor: inout OutputCursor) {
        let (origin, target) = (Int(move.origin), Int(move.target))
        precondition(0...segmentCount ~= origin && 0...segmentCount ~= target)
        let (left, entered) = unsafe (rows + origin * featureCount, rows + target * featureCount)
        let factors = unsafe rows + (segmentCount + 1) * featureCount
        // The largest so far, in falling order; of equal ones the first feature's comes first.
        var best = Ranking(repeating: (0, 0))
        var count = 0
        var total = 0.0
        for feature in 0..<featureCount {
            let value = unsafe Self.value(feature, of: vector)
            let before = unsafe value - left[feature]
            let after = unsafe value - entered[feature]
            let gain = unsafe factors[feature] * (before * before - after * after)
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
            cursor.append(rounded: unsafe Self.value(feature, of: vector))
            cursor.append(",\"typical\":")
            writeTypical(feature, row: target, &cursor)
            cursor.append(",\"was_typical\":")
            writeTypical(feature, row: origin, &cursor)
            cursor.append(",\"contribution\":")
            cursor.append(rounded: gain / total)
            cursor.append("}")
        }
        cursor.append("]")
    }

    @inline(__always)
    private static func value(_ feature: Int, of vector: UnsafeRawPointer) -> Double {
        unsafe Double(vector.loadUnaligned(fromByteOffset: 4 * feature, as: Float.self))
    }

    /// Writes what is typical of a row, rounded.
    @inline(__always)
    private func writeTypical(_ feature: Int, row: Int, _ cursor: inout OutputCursor) {
        let text = unsafe texts + (row * featureCount + feature) * Self.textBytes
        if unsafe text[Self.textBytes - 1] == 0 {
            let start = cursor.count
            cursor.append(rounded: unsafe rows[row * featureCount + feature])
            unsafe cursor.copy(start..<cursor.count, to: text)
            unsafe text[Self.textBytes - 1] = UInt8(cursor.count - start)
        } else {
            let bytes = unsafe LentBytes(start: text, count: Int(text[Self.textBytes - 1]))
            cursor.append(unsafe ShortText(padded: bytes))
        }
    }
}

extension ReasonTable {
    /// From which row to which.
    struct Move: BitwiseCopyable {
        let origin: Int32
        let target: Int32
    }
}
