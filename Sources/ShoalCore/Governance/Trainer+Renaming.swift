extension Trainer {
    /// Names a segment as a person wishes, from the next model on.
    ///
    /// - Parameters:
    ///   - label: `s3`.
    ///   - name: as `SegmentModel.renaming` wants it.
    /// - Returns: the renamed model, to publish; `nil` before the first model.
    /// - Throws: `SegmentRenameError` with what is wrong.
    package mutating func rename(
        _ label: String, to name: String
    ) throws(SegmentRenameError) -> SegmentModel? {
        guard let renamed = try model?.renaming(label, to: name) else { return nil }
        model = renamed
        return renamed
    }
}
