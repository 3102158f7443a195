internal import Glibc

/// A program that unpacks a compressed file into a pipe.
final class Unpacker {
    private static let tools = [".gz": "gzip", ".zst": "zstd", ".lz4": "lz4", ".xz": "xz"]

    private let path: String
    private let tool: String
    private let process: pid_t
    /// The compressed file; its offset is shared with the program, so it tells how far that has come.
    private let input: Int32
    /// Where the unpacked bytes come out.
    let output: Int32
    private var isReaped = false

    /// The program for a file name, `nil` if it is not compressed.
    static func tool(for path: String) -> String? {
        tools.first { path.hasSuffix($0.key) }?.value
    }

    init(path: String, tool: String, input: Int32) throws(ReplayError) {
        self.path = path
        self.tool = tool
        self.input = input
        var ends: [Int32] = [0, 0]
        if unsafe pipe(&ends) != 0 { throw .cannotOpen(path: path, code: errno) }
        output = ends[0]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var identifier: pid_t = 0
        let code = unsafe tool.withCString { name in
            unsafe "-dc".withCString { option in
                let arguments: [UnsafeMutablePointer<CChar>?] = unsafe [
                    UnsafeMutablePointer(mutating: name), UnsafeMutablePointer(mutating: option), nil,
                ]
                return unsafe posix_spawnp(&identifier, name, &actions, nil, arguments, environ)
            }
        }
        close(ends[1])
        process = identifier
        if code != 0 {
            close(ends[0])
            throw .cannotUnpack(path: path, tool: tool, detail: SystemErrorText.of(code))
        }
    }

    /// How much of the compressed file has been read, in bytes.
    var inputOffset: Int { Int(lseek(input, 0, SEEK_CUR)) }

    /// Waits for the program after its output has ended; says what went wrong, if anything.
    func finish() -> ReplayError? {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        if status == 0 { return nil }
        return .cannotUnpack(path: path, tool: tool, detail: "it ended with status \(status >> 8 & 0xff)")
    }

    /// Ends the program if it still runs.
    func stop() {
        close(input)
        if isReaped { return }
        kill(process, SIGKILL)
        _ = finish()
    }
}
