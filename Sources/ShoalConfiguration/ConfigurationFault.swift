/// One thing that is wrong with a configuration, and what to write instead.
package struct ConfigurationFault: Equatable, Sendable, CustomStringConvertible {
    /// Where it is written.
    package let origin: SettingOrigin
    /// The setting's full name, as `features[2].half_life`; empty for the file as a whole.
    package let key: String
    package let problem: String
    /// What to write instead, as an order.
    package let remedy: String

    package init(_ origin: SettingOrigin, key: String, problem: String, remedy: String) {
        self.origin = origin
        self.key = key
        self.problem = problem
        self.remedy = remedy
    }

    /// `file:line: key: what is wrong; what to do`.
    package var description: String {
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(origin): \(subject)\(problem); \(remedy)"
    }
}
