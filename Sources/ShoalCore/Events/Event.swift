/// One thing a customer did, decoded and checked; its bytes are lent by the decoder that owns it.
///
/// There is one `Event` per decoder and it is refilled for every record, so decoding allocates nothing.
@safe package struct Event: ~Copyable {
    /// What an event asks of the engine beyond its features.
    package enum Purpose: UInt8, BitwiseCopyable, Sendable {
        case ordinary, consentWithdrawn, consentGranted, forget, identify
    }

    /// One line of a basket.
    @safe package struct Item {
        package var productID: FieldValue = .absent
        package var category: FieldValue = .absent
        /// 1 where the item does not say.
        package var quantity: Double = 1
        /// 0 where the item does not say.
        package var price: Double = 0

        package init() {}
    }

    package var purpose: Purpose = .ordinary
    /// The profile's key, 1…256 opaque bytes.
    package var customer: LentBytes = .empty
    /// Of the event's id; `nil` where the event has none.
    package var fingerprint: EventFingerprint?
    /// For `identify`: the other name of the same person; empty otherwise.
    package var anonymousID: LentBytes = .empty
    package var timestampMilliseconds: Int64 = 0
    package private(set) var itemCount = 0

    package let fieldCount: Int
    package let itemsMax: Int
    // Owned by this value alone and freed in `deinit`; every index is checked against the counts above.
    private let values: UnsafeMutablePointer<FieldValue>
    private var itemStore: UnsafeMutablePointer<Item>
    private var itemCapacity = 0

    package init(schema: EventSchema, itemsMax: Int) {
        fieldCount = schema.count
        self.itemsMax = itemsMax
        unsafe values = .allocate(capacity: fieldCount)
        unsafe values.initialize(repeating: .absent, count: fieldCount)
        unsafe itemStore = .allocate(capacity: 0)
    }

    deinit {
        unsafe values.deallocate()
        unsafe itemStore.deallocate()
    }

    /// The value of a field by its index in the schema.
    @inline(__always)
    package subscript(field: Int) -> FieldValue {
        get {
            precondition(field >= 0 && field < fieldCount)
            return unsafe values[field]
        }
        set {
            precondition(field >= 0 && field < fieldCount)
            unsafe values[field] = newValue
        }
    }

    @inline(__always)
    package subscript(field: EventSchema.WellKnown) -> FieldValue {
        get { self[field.rawValue] }
        set { self[field.rawValue] = newValue }
    }

    @inline(__always)
    package func item(_ index: Int) -> Item {
        precondition(index >= 0 && index < itemCount)
        return unsafe itemStore[index]
    }

    /// Adds a line to the basket; the decoder has checked that there is room.
    package mutating func append(_ item: Item) {
        precondition(itemCount < itemsMax, "The decoder rejects a basket with more items than the limit.")
        if itemCount == itemCapacity { growItems() }
        unsafe itemStore[itemCount] = item
        itemCount += 1
    }

    /// Makes room for more lines; events that come after use it too.
    private mutating func growItems() {
        let capacity = min(max(8, itemCapacity * 2), itemsMax)
        let larger = UnsafeMutablePointer<Item>.allocate(capacity: capacity)
        unsafe larger.initialize(from: itemStore, count: itemCount)
        unsafe (larger + itemCount).initialize(repeating: Item(), count: capacity - itemCount)
        unsafe itemStore.deallocate()
        unsafe itemStore = larger
        itemCapacity = capacity
    }

    /// Forgets the event before except for its fields, each of which is then set.
    @inline(__always)
    mutating func restart() {
        purpose = .ordinary
        customer = .empty
        fingerprint = nil
        anonymousID = .empty
        itemCount = 0
    }
}
