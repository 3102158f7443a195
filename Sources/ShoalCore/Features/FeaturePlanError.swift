/// Why a list of features cannot be compiled.
package enum FeaturePlanError: Error, Equatable, CustomStringConvertible {
    case noFeatures
    case duplicateName(String)
    case tooManyFilters(count: Int, max: Int)

    package var description: String {
        switch self {
        case .noFeatures:
            "features: the list is empty; name at least one feature or leave the key out for the default plan"
        case .duplicateName(let name):
            "features: '\(name)' is named twice; give each feature a name of its own"
        case .tooManyFilters(let count, let max):
            "features: \(count) distinct filters, at most \(max) are possible; let features share filters"
        }
    }
}
