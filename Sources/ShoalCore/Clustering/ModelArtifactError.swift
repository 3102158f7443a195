/// Why bytes are not a model that can be used, in words for the operator.
package enum ModelArtifactError: Error, Equatable, CustomStringConvertible {
    /// Not the JSON that a model is written as.
    case unreadable(detail: String)
    /// Another format, or a newer version of it.
    case unknownFormat(String)
    /// The bytes changed since they were written.
    case wrongChecksum(written: String, computed: String)
    /// Whole, but not a possible model.
    case invalid(detail: String)
    /// Trained on other features than the configuration declares.
    case otherPlan(model: UInt64, expected: UInt64, difference: String)

    package var description: String {
        switch self {
        case .unreadable(let detail):
            "not a model artefact: \(detail): give a file that `shoal model save` wrote"
        case .unknownFormat(let format):
            "unknown model format '\(format)': this version reads '\(SegmentModel.artifactFormat)'"
        case .wrongChecksum(let written, let computed):
            "the model was changed or damaged: its checksum is \(written), its content has \(computed): "
                + "restore the file, or train anew"
        case .invalid(let detail):
            "not a possible model: \(detail): restore the file, or train anew"
        case .otherPlan(let model, let expected, let difference):
            "the model was trained on other features (plan \(SegmentModel.hexadecimal(model)), configured "
                + "\(SegmentModel.hexadecimal(expected))): \(difference): restore the features, or train anew"
        }
    }
}
