/// Collects what is wrong while a configuration is read, and which settings exist.
package final class FaultLog {
    private(set) var faults: [ConfigurationFault] = []
    /// Names of all settings that the reader asked for, with `[]` for the index of a list.
    package private(set) var askedKeys: Set<String> = []

    func record(_ origin: SettingOrigin, key: String, _ problem: String, _ remedy: String) {
        let fault = ConfigurationFault(origin, key: key, problem: problem, remedy: remedy)
        // An alias is read once for every place it stands in; its faults are told once.
        if !faults.contains(fault) { faults.append(fault) }
    }

    func asked(for pattern: String) { askedKeys.insert(pattern) }

    /// Throws all faults, sorted by where they are; faults of one line stay in the order they were found.
    func throwIfAny() throws(ConfigurationError) {
        guard !faults.isEmpty else { return }
        let sorted = faults.enumerated().sorted { left, right in
            if left.element.origin != right.element.origin {
                return left.element.origin < right.element.origin
            }
            return left.offset < right.offset
        }
        throw ConfigurationError(faults: sorted.map(\.element))
    }
}
