/// Reads back what `Shard` wrote of a customer: a change of segment, or the segment now.
///
/// With simdjson, since a recovery reads one record per customer: a million of them within a second.
package struct SegmentRecordReader: ~Copyable {
    /// What a record says of its customer.
    package struct Record: Equatable, Sendable {
        /// 0 once the customer is in none.
        package let segmentID: Int
        package let segmentName: String
        package let revision: Int
        package let firstSeen: Int64
        /// Of the model that decided; 0 where none did.
        package let generation: Int
    }

    private var json: JSONReader
    private let schema: Int32
    private let revision: Int32
    private let firstSeen: Int32
    private let segmentID: Int32
    private let segmentName: Int32
    private let generation: Int32

    package init() {
        var json = JSONReader(limits: EventLimits(), itemsMax: 0)
        schema = json.slot(of: "schema")
        revision = json.slot(of: "revision")
        firstSeen = json.slot(of: "first_seen")
        segmentID = json.slot(of: "to.id")
        segmentName = json.slot(of: "to.name")
        generation = json.slot(of: "model.generation")
        json.seal()
        self.json = json
    }

    /// Reads one record.
    ///
    /// - Parameter record: lent for the length of the call.
    /// - Returns: `nil` if it is none of ours, or damaged.
    package mutating func read(_ record: UnsafeRawBufferPointer) -> Record? {
        // A number that lost its value is none that a shard wrote.
        guard record.count > 0,
            case .read = unsafe json.read(record, isPadded: false, trustsNumbers: false)
        else { return nil }
        let values = json.values
        guard values[schema].text.equals("shoal.segment-change/1"), values[revision].kind == .integer,
            values[firstSeen].kind == .integer
        else { return nil }
        var id = 0
        if !values[segmentID].isAbsent {
            let label = values[segmentID].text.text
            guard label.hasPrefix("s"), let number = Int(label.dropFirst()), number > 0 else { return nil }
            id = number
        }
        return Record(
            segmentID: id, segmentName: values[segmentName].text.text,
            revision: Int(values[revision].integerValue), firstSeen: values[firstSeen].integerValue,
            generation: values[generation].kind == .integer ? Int(values[generation].integerValue) : 0)
    }
}
