package import ShoalCore

/// What a lane answers to a question about a customer.
package enum CustomerAnswer: Sendable {
    case found(CustomerReport)
    /// No profile here, where it would be if there were one.
    case unknown
    /// The partition is another process's.
    case elsewhere(partition: Int32)
    /// The partition is being brought back, or about to be.
    case recovering
    /// Too many questions wait already.
    case busy
    /// The engine is not running.
    case unavailable
}
