internal import ShoalCore

/// One customer as a line of `--profiles`.
enum ProfileLine {
    /// The line with its line break; `featureNames` are already escaped for JSON.
    static func text(of profile: Shard.Profile, featureNames: [String]) -> String {
        func object(_ values: some Collection<String>) -> String {
            "{" + zip(featureNames, values).map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        }
        let customer = String(decoding: OutputBuffer.escaped(profile.customer), as: UTF8.self)
        let segment = profile.segmentID == 0 ? "null" : "\"s\(profile.segmentID)\""
        let lastEvent = profile.lastEventMilliseconds.map { "\"\(OutputBuffer.timeText($0))\"" } ?? "null"
        return "{\"customer_id\":\"\(customer)\",\"segment\":\(segment),\"revision\":\(profile.revision),"
            + "\"last_event_at\":\(lastEvent),\"raw\":\(object(profile.raw.map(number))),"
            + "\"features\":\(object(profile.features.map { number(Double($0)) }))}\n"
    }

    /// The shortest text that reads back as the same number.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
