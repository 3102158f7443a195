internal import Foundation
internal import ShoalKafka
internal import ShoalSimulator
internal import Synchronization

/// The simulated shop at work: writes its events to Kafka at an even rate, on a thread of its own.
final class DemoShop: Sendable {
    /// How far it has come.
    struct Progress: Sendable {
        /// Events sent, repeated ones included.
        var events = 0
        /// Event time since the first event.
        var streamDays = 0.0
        var isOver = false
        var failure: String?
        /// What each customer was at the end, for those with enough events to be judged; set when it is over.
        var truth: [ShopperBehaviour?] = []
    }

    /// With fewer events than this a customer has not shown yet what they are.
    static let judgedEventsMin = 10

    private let progressBox = Mutex(Progress())
    private let isStopping = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)

    var progress: Progress { progressBox.withLock { $0 } }

    /// Opens the shop.
    ///
    /// - Parameters:
    ///   - simulator: at its beginning.
    ///   - topic: what it writes to.
    ///   - bootstrap: the broker.
    ///   - duration: after which it closes; `nil` for never.
    ///   - processedCount: how many events the engine has processed; callable from any thread.
    func open(
        _ simulator: ShopSimulator, topic: String, bootstrap: String, duration: Duration?,
        processedCount: @escaping @Sendable () -> Int
    ) {
        let thread = Thread { [self] in
            do {
                try work(
                    simulator, topic: topic, bootstrap: bootstrap, duration: duration,
                    processedCount: processedCount)
            } catch {
                progressBox.withLock { $0.failure = "\(error)" }
            }
            progressBox.withLock { $0.isOver = true }
            ended.signal()
        }
        thread.name = "shoal demo shop"
        thread.start()
    }

    /// Closes the shop early; what it has written is sent.
    func close() { isStopping.store(true, ordering: .relaxed) }

    /// Waits until it has closed.
    func waitUntilClosed() { ended.wait() }

    private func work(
        _ opened: ShopSimulator, topic: String, bootstrap: String, duration: Duration?,
        processedCount: @escaping @Sendable () -> Int
    ) throws {
        var simulator = opened
        var sink = try DemoShopSink(
            shop: self, topic: topic, bootstrap: bootstrap, customerCount: simulator.options.customers,
            end: duration.map { ContinuousClock.now + $0 }, processedCount: processedCount)
        try SimulationPace(linesPerSecond: simulator.options.eventsPerSecond).run(&simulator, into: &sink)
        let now = sink.lastMilliseconds
        let truth = sink.eventCounts.enumerated().map { customer, count in
            count >= Self.judgedEventsMin ? simulator.behaviour(ofCustomer: customer, at: now) : nil
        }
        progressBox.withLock { $0.truth = truth }
    }

    fileprivate var mustStop: Bool { isStopping.load(ordering: .relaxed) || Interruption.isRequested }

    fileprivate func report(events: Int, streamDays: Double) {
        progressBox.withLock { progress in
            progress.events = events
            progress.streamDays = streamDays
        }
    }
}

/// Writes the shop's events until its time is over, and waits where the engine is far behind.
private struct DemoShopSink: SimulationSink, ~Copyable {
    private static let flushMilliseconds: Int32 = 10_000
    private static let waitSeconds = 0.005
    private static let millisecondsPerDay = 86_400_000.0

    private let shop: DemoShop
    private let producer: KafkaProducer
    private let topic: KafkaTopicHandle
    private let end: ContinuousClock.Instant?
    private let processedCount: @Sendable () -> Int
    private var buffer: [UInt8] = []
    /// By customer number, repeated events left out.
    private(set) var eventCounts: [Int]
    private(set) var lastMilliseconds: Int64 = 0
    private var sentCount = 0
    private var knownProcessedCount = 0

    init(
        shop: DemoShop, topic: String, bootstrap: String, customerCount: Int,
        end: ContinuousClock.Instant?, processedCount: @escaping @Sendable () -> Int
    ) throws {
        self.shop = shop
        self.end = end
        self.processedCount = processedCount
        eventCounts = Array(repeating: 0, count: customerCount)
        let producer = try KafkaProducer(properties: KafkaProperties(bootstrap: bootstrap)) { _ in }
        self.topic = try producer.topic(topic)
        self.producer = producer
    }

    mutating func write(_ count: Int, from simulator: inout ShopSimulator) throws -> Bool {
        guard try hasRoom(for: count), !shop.mustStop else { return false }
        if let end, ContinuousClock.now >= end { return false }
        let start = simulator.options.startMilliseconds
        for _ in 0..<count {
            buffer.removeAll(keepingCapacity: true)
            guard let event = simulator.append(to: &buffer) else { return false }
            if !event.isDuplicate { eventCounts[event.customer] += 1 }
            lastMilliseconds = event.arrivalMilliseconds
            let bytes = buffer.span
            try producer.produce(
                to: topic, key: bytes.extracting(event.identifier), value: bytes.extracting(event.bytes))
        }
        sentCount += count
        producer.poll()
        try producer.throwDeliveryFailure()
        shop.report(
            events: sentCount, streamDays: Double(lastMilliseconds - start) / Self.millisecondsPerDay)
        return true
    }

    mutating func finish() throws { try producer.flush(timeoutMilliseconds: Self.flushMilliseconds) }

    /// Waits until the engine has caught up enough for the broker to keep what it has not read yet.
    private mutating func hasRoom(for count: Int) throws -> Bool {
        while sentCount + count - knownProcessedCount > DemoPlan.backlogMax {
            knownProcessedCount = processedCount()
            if sentCount + count - knownProcessedCount <= DemoPlan.backlogMax { break }
            if shop.mustStop { return false }
            if let end, ContinuousClock.now >= end { return false }
            producer.poll()
            Thread.sleep(forTimeInterval: Self.waitSeconds)
        }
        return true
    }
}
