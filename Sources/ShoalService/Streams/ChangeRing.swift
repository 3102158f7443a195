/// The newest changes, numbered in the order in which they came; those that nobody read have numbers too.
struct ChangeRing: Sendable {
    private let capacity: Int
    private var changes: [FeedChange] = []
    /// The changes' numbers, ascending from the oldest on.
    private var numbers: [Int] = []
    /// Of the customers, beside the changes, so that one is found in a few microseconds.
    private var hashes: [Int] = []
    /// Where the oldest is.
    private var head = 0
    /// The number that the next change gets.
    private(set) var next = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { changes.count }

    mutating func append(_ change: FeedChange) {
        if changes.count < capacity {
            changes.append(change)
            numbers.append(next)
            hashes.append(change.customer.hashValue)
        } else {
            changes[head] = change
            numbers[head] = next
            hashes[head] = change.customer.hashValue
            head = (head + 1) % capacity
        }
        next += 1
    }

    /// Leaves out the numbers of changes that were not read.
    mutating func pass(over count: Int) { next += count }

    /// Forgets all; whoever is to go on from before is told of a gap.
    mutating func interrupt() {
        changes.removeAll()
        numbers.removeAll()
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

    /// How many changes are older than one of this number.
    ///
    /// - Complexity: O(log `count`).
    func position(of number: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[slot(middle)] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// A change and its number, counted from the oldest.
    subscript(position: Int) -> (number: Int, change: FeedChange) {
        (numbers[slot(position)], changes[slot(position)])
    }

    private func slot(_ position: Int) -> Int {
        let slot = head + position
        return slot < count ? slot : slot - count
    }
}
