/// Everything that is wrong with a configuration, reported together before anything starts.
package struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Sorted by line, the environment's after the file's; never empty.
    package let faults: [ConfigurationFault]

    package init(faults: [ConfigurationFault]) {
        precondition(!faults.isEmpty, "A configuration error says what is wrong.")
        self.faults = faults
    }

    /// One line per fault.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
