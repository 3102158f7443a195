internal import Foundation

/// How many files and sockets the daemon may have open at a time.
///
/// Without this check a daemon that has too few would wait for a broker for ever, with its real trouble in a
/// line of librdkafka's.
enum OpenFiles {
    /// With one broker a daemon has 26 open, and 13 more for each lane (counted in /proc on Linux with
    /// librdkafka 2.0.2); the rest is for a lane that recovers and a snapshot that is written.
    static func required(lanes: Int) -> UInt64 { UInt64(40 + 13 * lanes) }

    /// Takes as many as the system gives.
    ///
    /// - Throws: When even that is too few.
    static func raise(lanes: Int) throws {
        var limit = rlimit()
        // Safe: the structure is this function's own.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = limit.rlim_max
            // Safe: as above; a refusal leaves the limit as it was.
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 { limit = wanted }
        }
        let required = required(lanes: lanes)
        guard UInt64(limit.rlim_cur) < required else { return }
        throw CommandError(
            "shoal run: at most \(limit.rlim_cur) open files are allowed, and \(lanes) lanes need \(required); "
                + "raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit), or set fewer lanes")
    }
}
