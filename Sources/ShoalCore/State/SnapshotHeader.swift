/// What a snapshot is of, and everything it holds besides the customers' rows.
///
/// A snapshot is a header, an LZ4 frame with the rows, and a trailer of the length of the whole as `UInt64`
/// and a CRC-32C of all before it. Everything is little-endian; a text is its length as `UInt32` and its
/// UTF-8. The header is, in this order:
///
/// - magic `SHSN`, format as `UInt16`, two zero bytes, length of the header as `UInt32`;
/// - cluster, group, partition as `Int32`, inputs (count as `UInt32`, then topic and offset), offset in the
///   partition's own changes, all offsets as `Int64`;
/// - rows and customers, stream time, the latest beginning of a profile that has gone, the cursors of sweep,
///   eviction and assignment, version and generation of the model in force, the shard's counters, as
///   `Int64`;
/// - priors (count, then bits of doubles), segments by identity (count, then name, entered, left);
/// - the feature plan: hash, numbers of accumulators, times and sketches, whether rows have the time of the
///   last change as `UInt32`, then the features (count, then name, hash of the definition, and three lists
///   of slots as `UInt32`, each after its count);
/// - a CRC-32C of the header before it.
///
/// The frame's content is groups of rows, each: number of pages as `UInt32`, the pages' numbers as
/// `UInt32`, bytes of long keys and of packed rows as `UInt32`; then the rows as `RowPacker` packs them,
/// which LZ4 finds nothing in and which are therefore in blocks that are not compressed; then the keys
/// longer than 16 bytes or with aliases, each with its aliases behind it. A page has 64 rows, the last what
/// is left. A group without pages ends the content. Rows are as `ProfileRow` and `ProfileLayout` lay them
/// out.
///
/// Formats before 4 have no aliases, formats before 3 tell nothing of profiles that have gone. In format 1
/// the number of bytes of packed rows is missing, and the rows lie column by column, where a column is one
/// byte of every row, compressed and with a checksum of the frame's.
package struct SnapshotHeader: Equatable, Sendable {
    /// The format that is written; older ones are read as well.
    package static let version: UInt16 = 4

    /// Up to where a topic's records are in the rows.
    package struct Input: Equatable, Sendable {
        package var topic: String
        /// Of the next record.
        package var offset: Int64

        package init(topic: String, offset: Int64) {
            self.topic = topic
            self.offset = offset
        }
    }

    /// Whose state it is.
    package struct Place: Equatable, Sendable {
        package var cluster: String
        package var group: String
        package var partition: Int32
        package var inputs: [Input]
        /// An offset in the partition's own changes before which all are in the rows; −1 if unknown.
        package var changesOffset: Int64

        package init(
            cluster: String, group: String, partition: Int32, inputs: [Input], changesOffset: Int64
        ) {
            self.cluster = cluster
            self.group = group
            self.partition = partition
            self.inputs = inputs
            self.changesOffset = changesOffset
        }
    }

    /// Where a shard's rounds through its rows have come to.
    struct Cursors: Equatable, Sendable {
        var sweptMilliseconds: Int64 = .max
        var sweepRow = 0
        var sweepDebt: Int64 = 0
        var evictionRow = 0
        var rowsDue = 0
        /// −1 if nobody is left to assign.
        var reassignedRow = -1
    }

    /// A segment by identity; its name is escaped as outputs write it.
    struct Segment: Equatable, Sendable {
        var name: [UInt8] = []
        var entered = 0
        var left = 0
    }

    /// The format of the snapshot that this was read from.
    package internal(set) var format = version
    package var place: Place
    /// Rows, holes included.
    package var rowCount: Int
    package var customerCount: Int
    /// `Int64.min` before the first event.
    package var streamTimeMilliseconds: Int64
    /// The latest beginning of a profile that has gone; `Int64.min` if none has, or in a format that does not
    /// tell.
    var goneFirstSeenMilliseconds: Int64 = .min
    var cursors: Cursors
    /// Of the model in force; 0 before the first.
    package var modelVersion: Int
    package var modelGeneration: Int
    package var counters: ShardCounters
    var priors: [Double]
    /// By identity, from 0.
    var segments: [Segment]
    package var plan: SnapshotPlan
}
