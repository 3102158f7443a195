internal import Foundation

/// Where everything goes that is for a person and not for a pipe.
enum StandardError {
    static func write(_ line: String, terminator: String = "\n") {
        // Nobody is left to be told that a message cannot be written.
        try? FileHandle.standardError.write(contentsOf: Data((line + terminator).utf8))
    }
}
