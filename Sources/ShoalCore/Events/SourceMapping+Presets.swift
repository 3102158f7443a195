extension SourceMapping {
    /// The canonical event.
    package static func canonical(topics: [String] = []) -> SourceMapping {
        SourceMapping(name: "canonical", topics: topics)
    }
}
