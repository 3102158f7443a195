internal import ShoalCore
internal import ShoalKafka

/// Which source's mapping a record of the routed topic is read by: its header says.
struct RoutedSources {
    /// What the router adds to a record.
    static let header = "shoal.source"

    private let names: [[UInt8]]
    /// The number of the first of them.
    private let first: Int

    init(_ settings: EngineSettings) {
        names = settings.routed.map { Array($0.name.utf8) }
        first = settings.sources.count
    }

    /// The source of one record of the routed topic, by number: those that lanes read come first, then those
    /// that a router reads.
    ///
    /// - Returns: `nil` if nobody has routed it.
    /// - Throws: `EventRejection` if it was routed from a source that is no more.
    func source(of record: borrowing KafkaRecord) throws(EventRejection) -> Int? {
        guard let name = record.lastHeader(Self.header) else { return nil }
        guard let index = names.firstIndex(of: name) else {
            let words = String(decoding: name, as: UTF8.self)
            throw EventRejection(.badField, "\(Self.header): no routed source is called \(words)")
        }
        return first + index
    }
}
