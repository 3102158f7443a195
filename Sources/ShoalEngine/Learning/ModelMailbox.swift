internal import ShoalCore
internal import Synchronization

/// Where the newest model lies for the lanes: one atomic load tells whether it is another than before.
final class ModelMailbox: Sendable {
    private struct Content {
        /// Everything there is, side by side; the live one is for the lanes.
        var shelf = ModelShelf()
        /// Offset of the next record of the model's topic; −1 before its end was first reached.
        var nextOffset: Int64 = -1
        /// The newest that a person put in force while this process ran.
        var order: ModelOrder?
        var candidateSerial = 0
    }

    private let content = Mutex(Content())
    private let deliveries = Atomic<Int>(0)

    /// Grows with every model put in; 0 before the first.
    var serial: Int { deliveries.load(ordering: .acquiring) }

    var model: SegmentModel? { content.withLock { $0.shelf.live } }

    /// The model with its serial.
    var newest: (model: SegmentModel, serial: Int)? {
        content.withLock { content in
            content.shelf.live.map { ($0, deliveries.load(ordering: .relaxed)) }
        }
    }

    func put(_ model: SegmentModel) {
        content.withLock { content in
            content.shelf.live = model
            deliveries.add(1, ordering: .releasing)
        }
    }

    /// What models of other features have used.
    var used: ModelNumbers { content.withLock { $0.shelf.used } }

    /// Notes a model of other features, which is of no use here.
    func putAside(_ model: SegmentModel) { content.withLock { $0.shelf.used.use(model) } }

    // MARK: What people decide

    /// The newest order; `nil` before the first since start.
    var order: ModelOrder? { content.withLock { $0.order } }

    func put(_ model: SegmentModel, ordering directive: ModelShelf.Directive) {
        content.withLock { content in
            content.order = ModelOrder(
                directive: directive, model: model, serial: (content.order?.serial ?? 0) + 1)
            content.shelf.live = model
            deliveries.add(1, ordering: .releasing)
        }
    }

    /// Grows with every candidate put in or taken out.
    var candidateSerial: Int { content.withLock { $0.candidateSerial } }

    func put(report: ShadowReport?) { content.withLock { $0.shelf.report = report } }

    func put(previous model: SegmentModel?, slot: Int) {
        content.withLock { $0.shelf.previous[slot] = model }
    }

    /// Everything there is, side by side.
    var shelf: ModelShelf { content.withLock { $0.shelf } }

    var newestCandidate: (model: SegmentModel?, serial: Int) {
        content.withLock { ($0.shelf.candidate, $0.candidateSerial) }
    }

    func put(candidate: SegmentModel?) {
        content.withLock { content in
            content.shelf.candidate = candidate
            content.candidateSerial += 1
        }
    }

    /// How far the model's topic has been read.
    var nextOffset: Int64 { content.withLock { $0.nextOffset } }

    /// Whether the model in force is known, or that there is none.
    var isCaughtUp: Bool { nextOffset >= 0 }

    func reach(_ offset: Int64) { content.withLock { $0.nextOffset = max($0.nextOffset, offset) } }
}
