/// Decoded events on their way from the thread that decodes to another one.
///
/// To fetch a line of memory that another processor has written takes as long as to decode fifty bytes, so
/// an event is two or three of them: what features do not read stays behind, and what they read lies side
/// by side, in the order of events.
@safe package struct EventBatch: ~Copyable {
    /// What every event has.
    private struct Head: BitwiseCopyable {
        var timestampMilliseconds: Int64 = 0
        var customer: LentBytes = .empty
        var fingerprint: EventFingerprint?
        var purpose = Event.Purpose.ordinary
        /// Items of the events up to this one.
        var itemsEnd = 0
    }

    package private(set) var count = 0

    private let capacity: Int
    private let fieldsRead: FrozenArray<Int>
    // Owned by this value alone and freed in `deinit`; numbers are checked against `count`. Events lie one
    // after the other, `fieldsRead.count` values each. Texts are lent by the arena.
    private let heads: UnsafeMutablePointer<Head>
    private let values: UnsafeMutablePointer<FieldValue>
    private var items: [Event.Item] = []
    /// The other names of customers, with the numbers of the events that tell them: few have one.
    private var anonymousIDs: [(event: Int, id: LentBytes)] = []
    private var texts = TextArena()

    /// - Parameters:
    ///   - plan: whose fields are carried along.
    ///   - capacity: how many events there is room for.
    package init(plan: FeaturePlan, capacity: Int) {
        self.capacity = capacity
        fieldsRead = plan.fieldsRead
        unsafe heads = .allocate(capacity: capacity)
        unsafe heads.initialize(repeating: Head(), count: capacity)
        unsafe values = .allocate(capacity: capacity * fieldsRead.count)
        unsafe values.initialize(repeating: .absent, count: capacity * fieldsRead.count)
    }

    deinit {
        unsafe heads.deallocate()
        unsafe values.deallocate()
    }

    /// Forgets every event.
    package mutating func removeAll() {
        count = 0
        items.removeAll(keepingCapacity: true)
        anonymousIDs.removeAll(keepingCapacity: true)
        texts.removeAll()
    }

    /// Copies an event with what features read of it; there must be room.
    @inline(__always)
    package mutating func append(_ event: borrowing Event) {
        precondition(count < capacity, "Whoever fills a batch looks how many it holds.")
        let first = count * fieldsRead.count
        for index in fieldsRead.indices {
            let value = event[fieldsRead[index]]
            unsafe values[first + index] = kept(value)
        }
        for index in 0..<event.itemCount {
            var item = event.item(index)
            item.productID = kept(item.productID)
            item.category = kept(item.category)
            items.append(item)
        }
        if !event.anonymousID.isEmpty { anonymousIDs.append((count, texts.copy(event.anonymousID))) }
        unsafe heads[count] = Head(
            timestampMilliseconds: event.timestampMilliseconds, customer: texts.copy(event.customer),
            fingerprint: event.fingerprint, purpose: event.purpose, itemsEnd: items.count)
        count += 1
    }

    @inline(__always)
    private mutating func kept(_ value: FieldValue) -> FieldValue {
        value.kind == .text ? .text(texts.copy(value.text)) : value
    }

    @inline(__always)
    package func customer(of number: Int) -> LentBytes { head(number).customer }

    @inline(__always)
    package func timestampMilliseconds(of number: Int) -> Int64 { head(number).timestampMilliseconds }

    @inline(__always)
    private func head(_ number: Int) -> Head {
        precondition(number >= 0 && number < count)
        return unsafe heads[number]
    }

    /// Makes `event` the one of this number; its texts are lent by the batch.
    ///
    /// Fields that features do not read stay as they are: absent, if it serves nothing else.
    @inline(__always)
    package func load(_ number: Int, into event: inout Event) {
        let head = head(number)
        event.restart()
        event.timestampMilliseconds = head.timestampMilliseconds
        event.customer = head.customer
        event.fingerprint = head.fingerprint
        event.purpose = head.purpose
        let first = number * fieldsRead.count
        for index in fieldsRead.indices { event[fieldsRead[index]] = unsafe values[first + index] }
        let itemsStart = number == 0 ? 0 : unsafe heads[number - 1].itemsEnd
        for index in itemsStart..<head.itemsEnd { event.append(items[index]) }
        if head.purpose == .identify, let known = anonymousIDs.first(where: { $0.event == number }) {
            event.anonymousID = known.id
        }
    }
}
