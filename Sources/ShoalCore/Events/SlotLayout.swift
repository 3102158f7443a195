/// Hands out the slots in which a reader leaves the values of a record.
///
/// The same path gets the same slot; a path that the records cannot have gets -1.
protocol SlotLayout: ~Copyable {
    mutating func slot(of path: String) -> Int32

    /// The slot that says whether there is a list of items; of several lists the first one asked for is read.
    mutating func slot(ofItems path: String) -> Int32

    /// The slot of a path inside an item, counted from the item's first.
    mutating func slot(inItem path: String) -> Int32
}
