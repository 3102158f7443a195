package import ShoalCore

/// How far a replay has come.
package struct ReplayProgress: Sendable {
    package var counters = ShardCounters()
    package var customers = 0
    /// Of the files on disk, compressed or not.
    package var bytesRead = 0
    /// 0 where it is not known, as for standard input.
    package var bytesTotal = 0
    package var modelVersion = 0
    /// Drift alerts raised.
    package var alerts = 0

    /// Records read.
    package var events: Int { counters.records }
}
