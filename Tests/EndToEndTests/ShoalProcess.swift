internal import Dispatch
internal import Foundation
internal import Synchronization

/// The built `shoal`, running: what it wrote so far, and ways to wait for more with a deadline.
///
/// Waiting is done on what the process does, never by sleeping: output and the end of the process wake the
/// waiters.
final class ShoalProcess: Sendable {
    /// How a process ended.
    enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    private enum Stream: Sendable { case output, errors }

    private struct State {
        var output = Data()
        var errors = Data()
        var openPipes = 2
        var exit: Exit?
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0

        /// Nothing more will happen.
        var isOver: Bool { exit != nil && openPipes == 0 }

        subscript(_ stream: Stream) -> Data {
            get { stream == .output ? output : errors }
            // In place: a copy for each line of a program that writes for minutes would take the machine.
            _modify {
                if stream == .output { yield &output } else { yield &errors }
            }
        }
    }

    private struct Waiter {
        let isSatisfied: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let process: Process
    private let state = Mutex(State())

    /// Beside the test bundle, where the build puts every product.
    static let executable: URL = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "shoal")
    }()

    /// Starts `shoal` with these arguments.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - input: what it reads from standard input, then the end of it.
    ///   - environment: on top of the test's own; no state is kept and nothing listens unless it says where.
    ///   - folder: where it runs; the test's own folder otherwise.
    ///   - wrapper: a command, with its arguments, that becomes the one that follows it, as `prlimit` does.
    /// - Throws: what the system said if the program cannot be started.
    init(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
        in folder: URL? = nil, under wrapper: [String] = []
    ) throws {
        process = Process()
        if wrapper.isEmpty {
            process.executableURL = Self.executable
            process.arguments = arguments
        } else {
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = wrapper + [Self.executable.path(percentEncoded: false)] + arguments
        }
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SHOAL_STATE__DIRECTORY": "none", "SHOAL_HTTP__LISTEN": "none"]) { $1 }.merging(
                environment
            ) { $1 }
        if let folder { process.currentDirectoryURL = folder }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        collect(output, into: .output)
        collect(errors, into: .errors)
        process.terminationHandler = { [weak self] process in
            let status = process.terminationStatus
            let exit = process.terminationReason == .exit ? Exit.code(status) : Exit.signal(status)
            self?.change { $0.exit = exit }
        }
        if input.isEmpty {
            process.standardInput = FileHandle.nullDevice
            try runUnmasked()
        } else {
            let source = Pipe()
            process.standardInput = source
            try runUnmasked()
            // On a thread of its own, for the process may read slowly or stop reading.
            DispatchQueue.global().async {
                try? source.fileHandleForWriting.write(contentsOf: input)
                try? source.fileHandleForWriting.close()
            }
        }
    }

    deinit {
        kill(SIGKILL)
    }

    var processIdentifier: Int32 { process.processIdentifier }

    /// What it wrote to standard output so far.
    var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }

    /// What it wrote to standard error so far.
    var errors: String { state.withLock { String(decoding: $0.errors, as: UTF8.self) } }

    /// Sends it a signal; nothing happens if it has ended.
    func kill(_ signal: Int32) {
        // Foundation's own word for it may come late.
        guard state.withLock({ $0.exit == nil }) else { return }
        Foundation.kill(process.processIdentifier, signal)
    }

    /// Waits until the process has ended and all that it wrote is here.
    ///
    /// - Returns: how it ended, or `nil` if it still runs when the time is up; it is killed then.
    func exit(within seconds: Double) async -> Exit? {
        let ended = await wait(within: seconds) { $0.isOver }
        guard ended else {
            kill(SIGKILL)
            return nil
        }
        return state.withLock { $0.exit }
    }

    /// Waits until standard output holds `text`; false if the time is up or the process ended without it.
    func writes(_ text: String, within seconds: Double) async -> Bool {
        await reaches(.output, text, within: seconds)
    }

    /// Waits until standard error holds `text`; false if the time is up or the process ended without it.
    func logs(_ text: String, within seconds: Double) async -> Bool {
        await reaches(.errors, text, within: seconds)
    }

    /// Waits until standard error holds `text` once more than `count` times.
    func logs(_ text: String, moreThan count: Int, within seconds: Double) async -> Bool {
        await wait(within: seconds) { Self.lines(of: $0.errors, with: text) > count }
    }

    /// How many lines of standard error hold `text`; all lines for none.
    func lineCount(with text: String = "") -> Int {
        state.withLock { Self.lines(of: $0.errors, with: text) }
    }

    private static func lines(of errors: Data, with text: String) -> Int {
        String(decoding: errors, as: UTF8.self).split(separator: "\n")
            .count { text.isEmpty || $0.contains(text) }
    }

    private func reaches(_ stream: Stream, _ text: String, within seconds: Double) async -> Bool {
        let wanted = Data(text.utf8)
        _ = await wait(within: seconds) { $0[stream].range(of: wanted) != nil || $0.isOver }
        return state.withLock { $0[stream].range(of: wanted) != nil }
    }

    private func wait(
        within seconds: Double, until isSatisfied: @escaping @Sendable (State) -> Bool
    ) async -> Bool {
        return await withCheckedContinuation { continuation in
            let waiting: Int? = state.withLock { state in
                if isSatisfied(state) { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = Waiter(isSatisfied: isSatisfied, continuation: continuation)
                return state.nextWaiter
            }
            guard let waiting else {
                continuation.resume(returning: true)
                return
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
                let late = self?.state.withLock { $0.waiters.removeValue(forKey: waiting) }
                late?.continuation.resume(returning: false)
            }
        }
    }

    /// Starts the process with no signal blocked.
    ///
    /// A child inherits the mask of the thread that starts it, and the threads that run tests block every
    /// signal.
    private func runUnmasked() throws {
        var none = sigset_t()
        var before = sigset_t()
        // Safe: both sets are this function's own, and are initialised by the calls that are given them.
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// Reads a pipe to its end on a thread of its own, which a blocking read needs.
    private func collect(_ pipe: Pipe, into stream: Stream) {
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                // Safe: the system writes at most as many bytes as the buffer has. Foundation's own reading
                // traps when a signal interrupts it.
                let count = unsafe read(handle.fileDescriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                self?.change { $0[stream].append(contentsOf: buffer.prefix(count)) }
            }
            self?.change { $0.openPipes -= 1 }
        }
    }

    /// Changes the state and wakes those whose condition now holds.
    private func change(_ body: (inout State) -> Void) {
        let satisfied = state.withLock { state in
            body(&state)
            let ready = state.waiters.filter { $0.value.isSatisfied(state) }
            for id in ready.keys { state.waiters[id] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in satisfied { continuation.resume(returning: true) }
    }
}
