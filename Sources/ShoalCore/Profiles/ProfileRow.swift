/// One customer's profile: a typed view of its row in the flat store.
///
/// Layout, in bytes: a header (`Offset`), the last event ids, then what the feature plan needs: times,
/// sketches, accumulators (`ProfileLayout`).
/// A row's memory belongs to its `ProfileTable`, which hands a view out only for as long as the row stays
/// where it is: until the next insertion or removal.
@safe package struct ProfileRow {
    /// Where the header's fields are.
    enum Offset {
        static let newest = 0
        static let firstSeen = 8
        static let revision = 16
        static let segmentID = 20
        static let candidateID = 24
        static let candidateCount = 28
        static let flags = 29
        static let keyCount = 30
        static let key = 32
        /// Of a key that does not lie in the row: how many bytes the key store has for it, with its aliases.
        static let storedCount = 40
        static let eventIDCount = 48
        static let eventCount = 50
        static let eventIDs = 52
        static let end = 84
    }

    static let eventIDsMax = 8
    /// Keys up to this length lie in the row; longer ones in the table's key store.
    static let inlineKeyBytesMax = 16

    private enum Flag {
        static let frozen: UInt8 = 1
        static let removed: UInt8 = 2
        static let aliases: UInt8 = 4
    }

    let base: UnsafeMutableRawPointer

    @inline(__always)
    init(base: UnsafeMutableRawPointer) { unsafe self.base = base }

    @inline(__always)
    func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
        unsafe base.load(fromByteOffset: offset, as: type)
    }

    @inline(__always)
    func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    /// T: the newest event time, epoch milliseconds; `Int64.min` before the first event.
    @inline(__always)
    package var newestMilliseconds: Int64 {
        get { load(Offset.newest, as: Int64.self) }
        nonmutating set { store(newValue, at: Offset.newest) }
    }

    /// The stream time at which the profile was created, epoch milliseconds.
    package var firstSeenMilliseconds: Int64 {
        get { load(Offset.firstSeen, as: Int64.self) }
        nonmutating set { store(newValue, at: Offset.firstSeen) }
    }

    /// The number of the newest segment change; 0 before the first.
    package var revision: UInt32 {
        get { load(Offset.revision, as: UInt32.self) }
        nonmutating set { store(newValue, at: Offset.revision) }
    }

    /// The current segment's identity; 0 for none.
    @inline(__always)
    package var segmentID: UInt32 {
        get { load(Offset.segmentID, as: UInt32.self) }
        nonmutating set { store(newValue, at: Offset.segmentID) }
    }

    /// The segment the customer may be moving to, and for how many evaluations in a row.
    var candidateID: UInt32 {
        get { load(Offset.candidateID, as: UInt32.self) }
        nonmutating set { store(newValue, at: Offset.candidateID) }
    }

    var candidateCount: UInt8 {
        get { load(Offset.candidateCount, as: UInt8.self) }
        nonmutating set { store(newValue, at: Offset.candidateCount) }
    }

    /// Consent is withdrawn: events are ignored until it is granted again.
    @inline(__always)
    package var isFrozen: Bool {
        get { load(Offset.flags, as: UInt8.self) & Flag.frozen != 0 }
        nonmutating set { set(Flag.frozen, newValue) }
    }

    /// The row is a hole that the next compaction closes.
    @inline(__always)
    package var isRemoved: Bool {
        get { load(Offset.flags, as: UInt8.self) & Flag.removed != 0 }
        nonmutating set { set(Flag.removed, newValue) }
    }

    /// The key store has other names of the customer behind the key, which it then has whatever its length.
    @inline(__always)
    var hasAliases: Bool {
        get { load(Offset.flags, as: UInt8.self) & Flag.aliases != 0 }
        nonmutating set { set(Flag.aliases, newValue) }
    }

    /// Whether the key lies in the row itself.
    @inline(__always)
    var isKeyInline: Bool { keyCount <= Self.inlineKeyBytesMax && !hasAliases }

    /// Bytes that the key store has for this row.
    var storedByteCount: Int {
        if hasAliases { return Int(load(Offset.storedCount, as: UInt32.self)) }
        return isKeyInline ? 0 : keyCount
    }

    private func set(_ flag: UInt8, _ isOn: Bool) {
        let flags = load(Offset.flags, as: UInt8.self)
        store(isOn ? flags | flag : flags & ~flag, at: Offset.flags)
    }

    @inline(__always)
    var keyCount: Int {
        get { Int(load(Offset.keyCount, as: UInt16.self)) }
        nonmutating set { store(UInt16(newValue), at: Offset.keyCount) }
    }

    /// Events taken in; stays at its largest value once it is there.
    @inline(__always)
    package var eventCount: UInt16 {
        get { load(Offset.eventCount, as: UInt16.self) }
        nonmutating set { store(newValue, at: Offset.eventCount) }
    }

    /// How many event ids are remembered.
    var rememberedEventIDs: Int { min(Int(load(Offset.eventIDCount, as: UInt16.self)), Self.eventIDsMax) }

    /// Whether an event id is among the last eight accepted; a new one is remembered in place of the oldest.
    ///
    /// - Parameters:
    ///   - fingerprint: of its id.
    ///   - remembers: whether a new id takes a place.
    /// - Returns: whether it was known.
    @inline(__always)
    func recognises(_ fingerprint: EventFingerprint, remembers: Bool = true) -> Bool {
        let fingerprint = fingerprint.bits
        let count = Int(load(Offset.eventIDCount, as: UInt16.self))
        if mayHold(fingerprint) {
            for index in 0..<min(count, Self.eventIDsMax)
            where load(Offset.eventIDs + 4 * index, as: UInt32.self) == fingerprint { return true }
        }
        if !remembers { return false }
        store(fingerprint, at: Offset.eventIDs + 4 * (count % Self.eventIDsMax))
        // Counts to 8, then goes round between 8 and 15, which says both "full" and where the oldest is.
        store(UInt16(count == 15 ? 8 : count + 1), at: Offset.eventIDCount)
        return false
    }

    /// Whether one of the eight places for fingerprints holds this one, be it in use or not.
    ///
    /// Two at a time: a half that is 0 borrows, which leaves its highest bit set (Mycroft, 1987). Swift 6.3
    /// compares `SIMD8` lane by lane.
    @inline(__always)
    private func mayHold(_ fingerprint: UInt32) -> Bool {
        let twice = UInt64(fingerprint) &* 0x0000_0001_0000_0001
        var found: UInt64 = 0
        for pair in 0..<Self.eventIDsMax / 2 {
            let word = unsafe base.loadUnaligned(fromByteOffset: Offset.eventIDs + 8 * pair, as: UInt64.self)
            let difference = word ^ twice
            found |= (difference &- 0x0000_0001_0000_0001) & ~difference & 0x8000_0000_8000_0000
        }
        return found != 0
    }
}
