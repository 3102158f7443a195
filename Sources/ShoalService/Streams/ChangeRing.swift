/// The newest changes, numbered in the order in which they came.
struct ChangeRing: Sendable {
    private let capacity: Int
    private var changes: [FeedChange] = []
    /// Of the customers, beside the changes, so that one is found in a few microseconds.
    private var hashes: [Int] = []
    /// Where the oldest is.
    private var head = 0
    /// The number that the next change gets.
    private(set) var next = 0

    init(capacity: Int) { self.capacity = capacity }

    /// The number of the oldest that is kept; `next` if there is none.
    var oldest: Int { next - changes.count }

    mutating func append(_ change: FeedChange) {
        if changes.count < capacity {
            changes.append(change)
            hashes.append(change.customer.hashValue)
        } else {
            changes[head] = change
            hashes[head] = change.customer.hashValue
            head = (head + 1) % capacity
        }
        next += 1
    }

    /// Forgets all; whoever is to go on from before is told of a gap.
    mutating func interrupt() {
        changes.removeAll()
        hashes.removeAll()
        head = 0
        next += 1
    }

    /// Changes of one customer, newest first.
    func changes(of customer: [UInt8], countMax: Int) -> [FeedChange] {
        let hash = customer.hashValue
        var found: [FeedChange] = []
        // Twice round the ring: from the newest to its beginning, then from its end to the oldest.
        for range in [0..<head, head..<changes.count] {
            for index in range.reversed() where hashes[index] == hash {
                guard found.count < countMax else { return found }
                if changes[index].customer == customer { found.append(changes[index]) }
            }
        }
        return found
    }

    /// - Precondition: `number` is one that is kept.
    subscript(number: Int) -> FeedChange { changes[(head + number - oldest) % changes.count] }
}
