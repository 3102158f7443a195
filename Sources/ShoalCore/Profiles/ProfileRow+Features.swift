extension ProfileRow {
    /// One decayed accumulator, as of `newestMilliseconds`.
    @inline(__always)
    subscript(accumulator slot: Int, layout: ProfileLayout) -> Float {
        get {
            assert(slot >= 0 && slot < layout.accumulatorCount)
            return load(layout.accumulators + 4 * slot, as: Float.self)
        }
        nonmutating set {
            assert(slot >= 0 && slot < layout.accumulatorCount)
            store(newValue, at: layout.accumulators + 4 * slot)
        }
    }

    /// One remembered time in epoch milliseconds; `Int64.min` for never.
    @inline(__always)
    subscript(time index: Int, layout: ProfileLayout) -> Int64 {
        get {
            assert(index >= 0 && index < layout.timeCount)
            return load(layout.times + 8 * index, as: Int64.self)
        }
        nonmutating set {
            assert(index >= 0 && index < layout.timeCount)
            store(newValue, at: layout.times + 8 * index)
        }
    }

    /// One sketch of distinct values.
    @inline(__always)
    subscript(sketch index: Int, layout: ProfileLayout) -> DistinctSketch {
        get {
            assert(index >= 0 && index < layout.sketchCount)
            let offset = layout.sketches + 16 * index
            return DistinctSketch(
                low: load(offset, as: UInt64.self), high: load(offset + 8, as: UInt64.self))
        }
        nonmutating set {
            assert(index >= 0 && index < layout.sketchCount)
            let offset = layout.sketches + 16 * index
            store(newValue.low, at: offset)
            store(newValue.high, at: offset + 8)
        }
    }
}
