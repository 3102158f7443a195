internal import Dispatch
internal import ShoalEngine
internal import Synchronization

/// How starting went, as the thread that waits for it hears it; the first word counts.
final class StartOutcome: Sendable {
    private let result = Mutex<Result<Int, HTTPServiceError>?>(nil)
    private let settled = DispatchSemaphore(value: 0)

    func settle(_ outcome: Result<Int, HTTPServiceError>) {
        let isFirst = result.withLock { result in
            if result != nil { return false }
            result = outcome
            return true
        }
        if isFirst { settled.signal() }
    }

    /// - Returns: the port.
    func wait(seconds: Int) throws(HTTPServiceError) -> Int {
        _ = settled.wait(timeout: SystemClock.deadline(afterMilliseconds: Int64(seconds) * 1_000))
        let outcome = result.withLock { $0 }
        return try (outcome ?? .failure(HTTPServiceError(address: "it", reason: "nothing was heard"))).get()
    }
}
