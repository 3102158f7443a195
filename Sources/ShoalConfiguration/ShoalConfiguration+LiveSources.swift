package import ShoalCore

/// Which sources are read live, and by whom.
extension ShoalConfiguration {
    /// Sources whose records get the customer as key first, in `topics.events`.
    package var routedSources: [SourceMapping] { sources.filter { !$0.topics.isEmpty && !$0.isKeyed } }

    /// Sources that lanes read: those keyed by customer, and canonical events where others are routed to
    /// unless a source says that they are something else.
    package var laneSources: [SourceMapping] {
        let keyed = sources.filter { !$0.topics.isEmpty && $0.isKeyed }
        if routedSources.isEmpty || keyed.contains(where: { $0.topics.contains(topics.events) }) {
            return keyed
        }
        return keyed + [.canonical(topics: [topics.events])]
    }
}
