/// What a crash may do to what is emitted.
package enum Delivery: Sendable {
    /// Outputs and input offsets are final together, in transactions.
    case exactlyOnce
    /// Outputs first, then input offsets: a crash in between repeats work.
    case atLeastOnce
}
