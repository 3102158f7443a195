/// What the transport knows of a record's time, in epoch milliseconds.
struct RecordTimes {
    /// The transport's own timestamp; `nil` or negative if it has none.
    let record: Int64?
    /// An event after this is in the future.
    let latest: Int64
}
