/// Where each part of a profile's row lies; decided by the feature plan, in bytes.
package struct ProfileLayout: Equatable, Sendable {
    /// Times first, as they want 8-byte alignment.
    let times: Int
    let timeCount: Int
    let sketches: Int
    let sketchCount: Int
    /// Time of the last segment change, only kept if a least dwell is set; 0 if not.
    let lastChange: Int
    let accumulators: Int
    let accumulatorCount: Int
    /// The size of a row, a multiple of 8.
    package let stride: Int

    init(timeCount: Int, sketchCount: Int, accumulatorCount: Int, keepsLastChange: Bool) {
        func aligned(_ offset: Int, to alignment: Int) -> Int {
            (offset + alignment - 1) / alignment * alignment
        }
        self.timeCount = timeCount
        self.sketchCount = sketchCount
        self.accumulatorCount = accumulatorCount
        // The accumulators follow the header directly where that leaves no gap before the times.
        accumulators = ProfileRow.Offset.end
        var end = aligned(accumulators + 4 * accumulatorCount, to: 8)
        times = end
        end += 8 * timeCount
        sketches = end
        end += 16 * sketchCount
        lastChange = keepsLastChange ? end : 0
        if keepsLastChange { end += 8 }
        stride = end
    }
}
