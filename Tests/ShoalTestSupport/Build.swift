/// What kind of build the tests run in.
package enum Build {
    #if DEBUG
        package static let isOptimised = false
    #else
        package static let isOptimised = true
    #endif

    /// All of a slow test's cases where they are optimised, the first of them where they take ten times as
    /// long.
    package static func affordable<Case>(_ cases: [Case]) -> [Case] {
        isOptimised ? cases : Array(cases.prefix(1))
    }
}
