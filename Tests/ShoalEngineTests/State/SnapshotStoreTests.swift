import Foundation
import Glibc
import ShoalCore
import ShoalTestSupport
import Synchronization
import Testing

@testable import ShoalEngine

/// Snapshots on disk, and disks that fail.
@Suite struct SnapshotStoreTests {
    private static func name(_ number: Int, partition: Int = 3) -> String {
        "partition-\(partition).00000000000\(number).snapshot"
    }

    @Test func `what is loaded is what was saved last, and two are kept`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        #expect(bench.load(from: store).offset == nil, "there is none yet")
        for round in 1...4 {
            bench.absorb(200)
            try bench.save(to: store, offset: Int64(round))
        }
        #expect(try bench.names() == [Self.name(3), Self.name(4)])
        let loaded = bench.load(from: store)
        #expect(loaded.offset == 4 && loaded.reasons.isEmpty)
        #expect(loaded.profiles == bench.profiles && loaded.profiles.count > 100)
    }

    @Test func `only the owner of the process may read them`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        try bench.save(to: store)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(bench.directory) == 0o700)
        #expect(try mode("\(bench.directory)/\(Self.name(1))") == 0o600)
    }

    @Test func `partitions in one directory do not see each other`() throws {
        var third = try SnapshotBench()
        var thirteenth = try SnapshotBench(partition: 13, folder: third.folder, seed: 2)
        let store = try third.store(keeping: 1)
        third.absorb(10)
        thirteenth.absorb(10)
        for round in 1...3 {
            try third.save(to: store, offset: Int64(round))
            try thirteenth.save(to: store, offset: Int64(10 * round))
        }
        #expect(try third.names() == [Self.name(3, partition: 13), Self.name(3)])
        #expect(third.load(from: store).offset == 3 && thirteenth.load(from: store).offset == 30)
    }

    @Test func `snapshots tell up to where a partition was processed, if it was`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        func processed(_ topic: String = "clicks", _ partition: Int32 = 3, _ cluster: String = "c") -> Int64?
        {
            store.processedOffset(ofTopic: topic, partition: partition, cluster: cluster)
        }
        #expect(processed() == nil)
        try bench.save(to: store, offset: 0)
        #expect(processed() == nil)
        try bench.save(to: store, offset: 7)
        #expect(processed() == 7)
        #expect(processed("pos") == nil && processed("clicks", 4) == nil)
        #expect(processed("clicks", 3, "another") == nil)
        let newest = try #require(store.files(of: 3).first)
        try Data("not a snapshot".utf8).write(to: URL(filePath: newest))
        #expect(processed() == nil, "the one before says that nothing was")
    }

    @Test func `a damaged snapshot is passed over for the one before, and named`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        bench.absorb(300)
        try bench.save(to: store, offset: 1)
        let before = bench.profiles
        bench.absorb(300)
        try bench.save(to: store, offset: 2)
        let path = "\(bench.directory)/\(Self.name(2))"
        let sound = try Data(contentsOf: URL(filePath: path))
        var flipped = sound
        flipped[sound.count / 2] ^= 4
        for (damaged, reason) in [
            (flipped, "damaged"), (sound.prefix(sound.count / 3), "it ends too early"),
            (Data(), "it is empty"),
            (Data("not a snapshot at all".utf8), "does not begin"),
        ] {
            try damaged.write(to: URL(filePath: path))
            let loaded = bench.load(from: store)
            #expect(loaded.offset == 1 && loaded.profiles == before, "\(reason)")
            #expect(loaded.reasons.count == 1 && loaded.reasons[0].contains(Self.name(2)), "\(reason)")
            #expect(loaded.reasons[0].contains(reason), "\(loaded.reasons)")
        }
        try Data().write(to: URL(filePath: "\(bench.directory)/\(Self.name(1))"))
        let none = bench.load(from: store)
        #expect(none.offset == nil && none.reasons.count == 2)
    }

    @Test func `a snapshot that may not be used is passed over with the reason`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        for round in 1...2 { try bench.save(to: store, offset: Int64(round)) }
        let loaded = bench.load(from: store) { header in
            header.place.inputs[0].offset == 2 ? .otherPartition(found: 5, wanted: 3) : nil
        }
        #expect(loaded.offset == 1)
        #expect(loaded.reasons.count == 1 && loaded.reasons[0].contains("of partition 5, not 3"))
    }

    @Test func `a file that cannot be read is passed over`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        try bench.save(to: store, offset: 1)
        // A directory in a snapshot's place cannot be read, whoever asks.
        try FileManager.default.createDirectory(
            atPath: "\(bench.directory)/\(Self.name(2))", withIntermediateDirectories: false)
        let loaded = bench.load(from: store)
        #expect(loaded.offset == 1 && loaded.reasons.count == 1)
        #expect(loaded.reasons.first?.contains("cannot be read: Is a directory") == true)
    }

    /// Ways for a system call to go wrong.
    private static func failing(_ what: String) -> FileCalls {
        var calls = FileCalls.system
        @Sendable func refuse(_ code: Int32) -> Int32 {
            errno = code
            return -1
        }
        let counter = Counter()
        switch what {
        case "no space", "too large":
            let code = what == "no space" ? ENOSPC : EFBIG
            calls.write = { descriptor, bytes in
                if counter.next() > 0 { return Int(refuse(code)) }
                return FileCalls.system.write(descriptor, bytes.prefix(100))
            }
        case "takes nothing": calls.write = { _, _ in 0 }
        case "input or output": calls.write = { _, _ in Int(refuse(EIO)) }
        case "not durable": calls.synchronise = { _ in refuse(EIO) }
        default: calls.rename = { _, _ in refuse(EACCES) }
        }
        return calls
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
    }

    @Test(
        arguments: [
            ("no space", "No space left on device"), ("too large", "File too large"),
            ("takes nothing", "No space left on device"), ("input or output", "Input/output error"),
            ("not durable", "Input/output error"), ("no renaming", "Permission denied"),
        ])
    func `a disk that fails leaves the last snapshot and nothing else`(what: String, words: String) throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        bench.absorb(300)
        try bench.save(to: store, offset: 1)
        let before = bench.profiles
        bench.absorb(300)
        let broken = try bench.store(calls: Self.failing(what))
        do throws(SnapshotStoreError) {
            try bench.save(to: broken, offset: 2)
            Issue.record("\(what): it was said to be saved")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
        #expect(try bench.names() == [Self.name(1)])
        let loaded = bench.load(from: store)
        #expect(loaded.offset == 1 && loaded.profiles == before)
        try bench.save(to: store, offset: 3)
        #expect(bench.load(from: store).offset == 3, "and the next one succeeds")
    }

    @Test func `short writes and interruptions are gone on with`() throws {
        var bench = try SnapshotBench()
        var calls = FileCalls.system
        let counter = Counter()
        calls.write = { descriptor, bytes in
            if counter.next().isMultiple(of: 3) {
                errno = EINTR
                return -1
            }
            return FileCalls.system.write(descriptor, bytes.prefix(4_097))
        }
        bench.absorb(600)
        let store = try bench.store(calls: calls)
        try bench.save(to: store, offset: 1)
        #expect(bench.load(from: store).profiles == bench.profiles)
    }

    @Test func `what a crash left half written is never read, and goes with the next snapshot`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store()
        try bench.save(to: store, offset: 1)
        let left = "\(bench.directory)/partition-3.000000000002.12345.partial"
        try Data("half".utf8).write(to: URL(filePath: left))
        #expect(bench.load(from: store).offset == 1)
        try bench.save(to: store, offset: 2)
        #expect(try bench.names() == [Self.name(1), Self.name(2)])
    }

    @Test func `a directory that cannot be made is refused with the reason`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("file", "")
        let store = SnapshotStore(directory: "\(file)/state")
        #expect(throws: SnapshotStoreError.self) { try store.prepare() }
    }

    @Test func `after an erasure and the next snapshot no file holds the customer`() throws {
        var bench = try SnapshotBench()
        let store = try bench.store(keeping: 3)
        func event(_ type: String, _ customer: String) -> String {
            #"{"type":"\#(type)","customer_id":"\#(customer)","timestamp":\#(RandomHistory.startMilliseconds),"#
                + #""anonymous_id":"visitor of that day"}"#
        }
        /// Whether a file has these bytes; long keys and aliases so short are not compressed.
        func holds(_ number: Int, _ text: String) throws -> Bool {
            let path = "\(bench.directory)/\(Self.name(number))"
            return try Data(contentsOf: URL(filePath: path)).range(of: Data(text.utf8)) != nil
        }
        /// Files that have the customer.
        func holders(_ customer: String) -> [String] {
            store.files(of: 3).filter { path in
                guard let reader = try? SnapshotStore.reader(ofFile: path),
                    let shard = try? reader.shard(plan: bench.shard.plan, settings: bench.settings)
                else { return true }
                return shard.profile(of: Array(customer.utf8)) != nil
            }
        }
        bench.absorb(event("search", "somebody-in-particular"))
        bench.absorb(event("identify", "somebody-in-particular"))
        for round in 1...3 { try bench.save(to: store, offset: Int64(round)) }
        #expect(holders("somebody-in-particular").count == 3)
        for text in ["particular", "visitor"] { #expect(try holds(3, text)) }
        bench.absorb(event("forget", "somebody-in-particular"))
        #expect(holders("somebody-in-particular").count == 3)
        try bench.save(to: store, offset: 4)
        #expect(try bench.names() == [Self.name(4)])
        #expect(holders("somebody-in-particular").isEmpty)
        for text in ["particular", "visitor"] { #expect(try !holds(4, text)) }
        for round in 5...6 { try bench.save(to: store, offset: Int64(round)) }
        #expect(store.files(of: 3).count == 3, "without an erasure they are kept again")
    }
}
