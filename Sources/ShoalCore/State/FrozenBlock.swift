/// Some pages of a frozen table, to be encoded by another thread.
package struct FrozenBlock: Sendable {
    /// Pages in one block: about a thousand rows, so that columns are long enough to be compressed well.
    static let pagesMax = 16

    /// Numbers of the pages, in no order.
    var pages: [UInt32] = []
    /// Their rows, one after the other, as they lay in memory.
    var rows: [UInt8] = []
    /// The keys that do not fit into their rows, in the order of the rows.
    var longKeys: [UInt8] = []
}
