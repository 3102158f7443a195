/// A broker's transactions for one identity: epochs, outputs and offsets that become visible together.
struct SimulatedTransactions {
    private struct LateRequest {
        let committing: Bool
        let producer: Int
    }

    /// The producer that initialised last; all others are fenced.
    private var current = -1
    private var isOpen = false
    private var isExpired = false
    private var pendingOutputs: [Int64] = []
    private var pendingOffset: Int64?
    private var late: [LateRequest] = []
    /// What a reader of committed records sees.
    private(set) var outputs: [Int64] = []
    /// The group's committed offset.
    private(set) var offset: Int64 = 0

    /// Fences earlier producers and aborts what they left open.
    mutating func initialise(_ producer: Int) {
        guard producer >= current else { return }
        current = producer
        isExpired = false
        drop()
    }

    mutating func begin(_ producer: Int) {
        if producer == current { isOpen = !isExpired }
    }

    /// The broker's patience with the transaction is over.
    mutating func expire(_ producer: Int) {
        guard producer == current, isOpen else { return }
        isExpired = true
        drop()
    }

    /// - Returns: false for a producer that is fenced or expired.
    mutating func produce(_ output: Int64, by producer: Int) -> Bool {
        guard producer == current, isOpen else { return false }
        pendingOutputs.append(output)
        return true
    }

    mutating func send(_ offset: Int64, by producer: Int) -> Bool {
        guard producer == current, isOpen else { return false }
        pendingOffset = offset
        return true
    }

    /// - Returns: false for a producer that is fenced or expired.
    mutating func end(committing: Bool, by producer: Int) -> Bool {
        guard producer == current, !isExpired else { return false }
        if committing {
            outputs += pendingOutputs
            offset = pendingOffset ?? offset
        }
        drop()
        return true
    }

    /// Keeps a copy of a request on its way.
    mutating func delay(committing: Bool, by producer: Int) {
        late.append(LateRequest(committing: committing, producer: producer))
    }

    /// What was on its way arrives, whatever it meets.
    mutating func deliverLateRequests() {
        for request in late { _ = end(committing: request.committing, by: request.producer) }
        late = []
    }

    private mutating func drop() {
        isOpen = false
        pendingOutputs = []
        pendingOffset = nil
    }
}
