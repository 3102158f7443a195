internal import Foundation

/// The last record of a snapshot in the state's topic: what the records before it have to be.
struct SnapshotManifest: Codable, Equatable {
    static let currentSchema = "shoal.state/1"

    var schema = currentSchema
    let chunks: Int
    let bytes: Int
    /// CRC-32C of all bytes.
    let checksum: UInt32

    init(chunks: Int, bytes: Int, checksum: UInt32) {
        self.chunks = chunks
        self.bytes = bytes
        self.checksum = checksum
    }

    /// - Returns: `nil` if it is none of this version.
    init?(_ record: [UInt8]) {
        guard let manifest = try? JSONDecoder().decode(Self.self, from: Data(record)),
            manifest.schema == Self.currentSchema
        else { return nil }
        self = manifest
    }

    var record: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Numbers and a fixed text: nothing that can fail.
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }
}
