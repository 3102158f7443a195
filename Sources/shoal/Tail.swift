internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalService
internal import Synchronization

/// Prints what a daemon tells its subscribers, as it happens.
struct Tail: ParsableCommand {
    enum Stream: String, ExpressibleByArgument, CaseIterable { case changes, alerts }

    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Prints changes of segment, or drift alerts, as they happen: one JSON object per line.",
        discussion: """
            Reads the daemon's /v1/changes or /v1/alerts. A lost connection is made again, from where it was. \
            Where some were missed, standard error says how many: whoever needs all of them reads the topic \
            of Kafka. A daemon off this machine wants its token in SHOAL_API_TOKEN.
            """)

    private static let againSeconds = 1.0

    @Argument(help: "changes or alerts.")
    var stream: Stream
    @Option(help: "The daemon's address.")
    var url = "http://127.0.0.1:8080"
    @Option(help: "Only changes into or out of a segment, as s3.")
    var segment: String?
    @Option(help: "Only changes of this customer.")
    var customer: String?
    @Option(help: "End after so many.")
    var limit: Int?

    func validate() throws {
        if stream == .alerts, segment != nil || customer != nil {
            throw ValidationError("--segment and --customer are for changes.")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, not \(limit).") }
        _ = try client()
    }

    func run() throws {
        Interruption.watch()
        let client = try client()
        let printer = TailPrinter(limit: limit)
        let thread = Thread {
            while true {
                do throws(EventStreamClient.Failure) {
                    try client.read(after: printer.lastID) { printer.take($0) }
                    printer.end(nil)
                    return
                } catch {
                    guard error.isTemporary, printer.hasBegun else { return printer.end(error) }
                    printer.note("\(error); connecting again")
                    Thread.sleep(forTimeInterval: Self.againSeconds)
                }
            }
        }
        thread.start()
        while !printer.isOver, !Interruption.isRequested { Thread.sleep(forTimeInterval: 0.05) }
        if let failure = printer.failure { throw CommandError("shoal tail: \(failure)") }
    }

    private func client() throws -> EventStreamClient {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host,
            !host.isEmpty
        else { throw ValidationError("--url must be like http://127.0.0.1:8080, not \"\(url)\".") }
        var path = URLComponents()
        path.path = parts.path + "/v1/\(stream.rawValue)"
        var items: [URLQueryItem] = []
        if let segment { items.append(URLQueryItem(name: "segment", value: segment)) }
        if let customer { items.append(URLQueryItem(name: "customer", value: customer)) }
        if !items.isEmpty { path.queryItems = items }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return EventStreamClient(
            host: bare, port: parts.port ?? 80, path: path.string ?? path.path,
            token: ProcessInfo.processInfo.environment["SHOAL_API_TOKEN"])
    }
}
