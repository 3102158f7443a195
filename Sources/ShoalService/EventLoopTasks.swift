internal import NIOCore

/// Runs tasks on the thread of an event loop, the one that their connections are on.
///
/// Between threads each step of a request costs two switches, some ten microseconds that lanes would miss.
/// On one thread the service also never takes more than one core.
final class EventLoopTasks: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Safe: a job is run once, here, and the closure holds the executor for as long.
        eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
