internal import Foundation
internal import Synchronization

/// Ctrl-C and SIGTERM as a question a loop can ask, so that it ends in its own time.
///
/// The second signal ends the process at once.
enum Interruption {
    private static let requested = Atomic<Bool>(false)

    static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// Starts to listen; a closed pipe becomes an error of `write` instead of a signal.
    static func watch() {
        signal(SIGPIPE, SIG_IGN)
        // A parent that started us from a thread of Dispatch hands down its mask, which blocks both.
        var numbers = sigset_t()
        unsafe sigemptyset(&numbers)
        unsafe sigaddset(&numbers, SIGINT)
        unsafe sigaddset(&numbers, SIGTERM)
        unsafe pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
        for number in [SIGINT, SIGTERM] {
            // Only what POSIX allows in a handler: an atomic store, and `signal`.
            signal(number) { number in
                Interruption.requested.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }
}
