internal import ShoalKafka
internal import Synchronization

/// Where the processes of a group answer questions, by the partitions that each reads; as the group has told
/// lately.
final class PeerBook: Sendable {
    private struct Page {
        var addresses: [Int32: String] = [:]
        /// Milliseconds of a monotonic clock.
        var writtenAt: Int64 = .min / 2
    }

    /// A partition moves with a rebalance, which takes about as long.
    private static let ageMilliseconds: Int64 = 5_000
    private static let askMilliseconds: Int32 = 2_000

    private let page = Mutex(Page())

    /// Where the process answers that has a partition.
    ///
    /// Blocks on the broker now and then.
    ///
    /// - Parameters:
    ///   - partition: of the input.
    ///   - settings: whose group is asked, as often as once in five seconds.
    ///   - now: milliseconds of a monotonic clock.
    /// - Returns: `nil` if that is not known.
    func address(ofPartition partition: Int32, _ settings: EngineSettings, now: Int64) -> String? {
        let isOld = page.withLock { now - $0.writtenAt >= Self.ageMilliseconds }
        if isOld {
            let addresses = Self.ask(settings)
            page.withLock { $0 = Page(addresses: addresses, writtenAt: now) }
        }
        return page.withLock { $0.addresses[partition] }
    }

    private static func ask(_ settings: EngineSettings) -> [Int32: String] {
        guard let admin = try? KafkaAdmin(properties: settings.kafka, events: { _ in }) else { return [:] }
        let members = try? admin.members(ofGroup: settings.group, timeoutMilliseconds: askMilliseconds)
        admin.close()
        var addresses: [Int32: String] = [:]
        for member in members ?? [] {
            guard let address = EngineShared.address(inClientID: member.clientID) else { continue }
            for partition in member.partitions { addresses[partition.partition] = address }
        }
        return addresses
    }
}
