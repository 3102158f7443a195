internal import ShoalCore

/// Records on their way from the thread that learns to the one that writes them to a file.
// Unchecked, because one thread at a time has it: an `Exchange` hands it over.
struct OutputBatch: ~Copyable, @unchecked Sendable {
    var output = OutputBuffer(defersReasons: true)
    /// Whether nothing comes after it.
    var isLast = false
    /// Why it, or one before it, could not be written.
    var failure: ReplayError?
}
