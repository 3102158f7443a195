internal import Foundation

extension ShoalProcess {
    /// What a finished run left behind.
    struct Result: Sendable {
        let exit: Exit?
        let output: String
        let errors: String
    }

    /// Runs `shoal` to its end; `exit` is `nil` if that took longer than `seconds`.
    static func run(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
        in folder: URL? = nil,
        within seconds: Double = 60
    ) async throws -> Result {
        let process = try ShoalProcess(arguments, input: input, environment: environment, in: folder)
        let exit = await process.exit(within: seconds)
        return Result(exit: exit, output: process.output, errors: process.errors)
    }

    /// Sends it a signal that it should end on, and waits for that; see `exit(within:)`.
    func stops(by signal: Int32 = SIGTERM) async -> Exit? {
        kill(signal)
        return await exit(within: 60)
    }
}
