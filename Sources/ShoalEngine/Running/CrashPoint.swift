internal import Foundation
internal import Synchronization

/// Places where a debug build kills itself if asked to, for tests of what a crash there leaves behind.
///
/// `SHOAL_CRASH_AT=committed:3` kills the process when it gets to the named point for the third time. A
/// release build asks nobody.
package enum CrashPoint: String, CaseIterable {
    /// Outputs are with the producer; the transaction's end has not begun.
    case produced
    /// The transaction has the input offsets.
    case offsetsSent = "offsets-sent"
    /// The request to commit is on its way.
    case committing
    /// The broker has committed; memory does not know yet.
    case committed
    /// A snapshot is whole and durable, under another name.
    case snapshotWritten = "snapshot-written"
    /// It has its name; the directory is not known to be durable.
    case snapshotRenamed = "snapshot-renamed"
    /// Some of a partition has been brought back.
    case recovering

    #if DEBUG
        private static let wanted: (name: String, count: Int)? = {
            let words = ProcessInfo.processInfo.environment["SHOAL_CRASH_AT"]?.split(separator: ":") ?? []
            guard let name = words.first, let count = words.last.flatMap({ Int($0) }) else { return nil }
            return (String(name), count)
        }()
        private static let passes = Atomic<Int>(0)

        private var isNow: Bool {
            guard let wanted = Self.wanted, wanted.name == rawValue else { return false }
            return Self.passes.add(1, ordering: .relaxed).newValue == wanted.count
        }
    #endif

    /// Kills the process if its time has come.
    @inline(__always)
    func reach() {
        #if DEBUG
            if isNow { kill(getpid(), SIGKILL) }
        #endif
    }

    /// Kills the process from another thread while this one goes on.
    @inline(__always)
    func reachSoon() {
        #if DEBUG
            if isNow { Thread.detachNewThread { kill(getpid(), SIGKILL) } }
        #endif
    }
}
