internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration

/// Turns what a command threw into the exit codes that Shoal promises: 0 done, 1 failed while running,
/// 2 bad usage or configuration.
struct CommandLineFailure {
    let exitCode: Int32
    /// What, where and what to do in its first line; empty where there is nothing to say.
    let message: String
    /// Help and versions are asked for, so they are no failure's message.
    var goesToStandardOutput: Bool { exitCode == 0 }

    init(_ error: any Error) {
        if let error = error as? ConfigurationError {
            exitCode = 2
            message = error.description
            return
        }
        let parserCode = Shoal.exitCode(for: error)
        exitCode = parserCode == .validationFailure ? 2 : parserCode.rawValue
        message = Shoal.fullMessage(for: error)
    }

    /// Writes the message and ends the process.
    func exit() -> Never {
        if !message.isEmpty {
            let handle = goesToStandardOutput ? FileHandle.standardOutput : FileHandle.standardError
            // Nobody is left to be told that the message cannot be written.
            try? handle.write(contentsOf: Data((message + "\n").utf8))
        }
        Foundation.exit(exitCode)
    }
}
