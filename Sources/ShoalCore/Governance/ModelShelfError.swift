/// Why a model cannot take the place that it was meant for, in words for the operator.
package enum ModelShelfError: Error, Equatable, CustomStringConvertible {
    case noModel
    case rename(SegmentRenameError)
    case noCandidate
    case noEarlierModel(version: Int?, known: [Int])
    case otherPlan(candidate: UInt64, live: UInt64)

    package var description: String {
        switch self {
        case .noModel: "there is no model in force yet: wait until one is learned"
        case .rename(let error): error.description
        case .noCandidate: "there is no candidate: propose one with `shoal model propose`"
        case .noEarlierModel(let version, let known):
            (version.map { "there is no earlier model of version \($0)" }
                ?? "there is no earlier generation to go back to")
                + (known.isEmpty
                    ? "; none is kept" : "; versions kept: \(known.map(String.init).joined(separator: ", "))")
        case .otherPlan(let candidate, let live):
            "the model was trained on other features (plan \(SegmentModel.hexadecimal(candidate))) than "
                + "the model in force (\(SegmentModel.hexadecimal(live))): train it on the same features"
        }
    }
}
