/// The nearest and the second nearest of centroids that are measured eight at a time.
///
/// Without a branch: which centroid is nearer is as good as random, and a processor that guesses wrong loses
/// more time than all of this takes.
struct TwoNearest {
    /// The least and second least of each lane, and whose the least is; a number so small that it is exact
    /// as `Float`, which Swift 6.3 compares four at a time, unlike integers.
    private var first = SIMD8<Float>(repeating: .infinity)
    private var second = SIMD8<Float>(repeating: .infinity)
    private var index = SIMD8<Float>.zero

    /// Takes the distances to eight centroids, the first of which is number `start`; infinite where there is
    /// none.
    @inline(__always)
    mutating func take(_ distances: SIMD8<Float>, from start: Int) {
        let isNearer = distances .< first
        let other = distances.replacing(with: first, where: isNearer)
        second.replace(with: other, where: other .< second)
        index.replace(with: SIMD8(0, 1, 2, 3, 4, 5, 6, 7) + Float(start), where: isNearer)
        first.replace(with: distances, where: isNearer)
    }

    /// The nearest, the first of equals, and both distances; infinite where there are fewer centroids.
    @inline(__always)
    var result: (index: Int, first: Float, second: Float) {
        let isHigh = Self.isNearer(first.highHalf, index.highHalf, than: first.lowHalf, index.lowHalf)
        let first4 = first.lowHalf.replacing(with: first.highHalf, where: isHigh)
        let index4 = index.lowHalf.replacing(with: index.highHalf, where: isHigh)
        let other4 = first.highHalf.replacing(with: first.lowHalf, where: isHigh)
        let second4 = Self.least(Self.least(second.lowHalf, second.highHalf), other4)

        var nearest = (index: index4[0], first: first4[0], second: second4[0])
        for lane in 1..<4 {
            let isLane =
                first4[lane] < nearest.first
                || (first4[lane] == nearest.first && index4[lane] < nearest.index)
            let other = isLane ? nearest.first : first4[lane]
            nearest.second = min(nearest.second, min(other, second4[lane]))
            nearest.first = isLane ? first4[lane] : nearest.first
            nearest.index = isLane ? index4[lane] : nearest.index
        }
        return (Int(nearest.index), nearest.first, nearest.second)
    }

    @inline(__always)
    private static func isNearer(
        _ left: SIMD4<Float>, _ leftIndex: SIMD4<Float>, than right: SIMD4<Float>, _ rightIndex: SIMD4<Float>
    ) -> SIMDMask<SIMD4<Int32>> {
        (left .< right) .| ((left .== right) .& (leftIndex .< rightIndex))
    }

    @inline(__always)
    private static func least(_ left: SIMD4<Float>, _ right: SIMD4<Float>) -> SIMD4<Float> {
        left.replacing(with: right, where: right .< left)
    }
}
