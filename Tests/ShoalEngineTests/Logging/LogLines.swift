import Synchronization

/// Gathers log lines from any thread.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var append: @Sendable (String) -> Void { { line in self.lines.withLock { $0.append(line) } } }
    var all: [String] { lines.withLock { $0 } }

    func contain(_ text: String) -> Bool { all.contains { $0.contains(text) } }
}
