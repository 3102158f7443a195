internal import Dispatch

/// Work that waits for a broker, away from the threads that all requests share.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "shoal writes")

    /// Runs one at a time, so that a read and a write of the model's topic are not torn apart here.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
