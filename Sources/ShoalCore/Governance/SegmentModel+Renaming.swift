extension SegmentModel {
    /// Bytes of the longest name a person may give.
    package static let nameBytesMax = 80

    /// The same model with a segment named by a person, as its next version.
    ///
    /// Learning leaves such a name alone.
    ///
    /// - Parameters:
    ///   - label: `s3`.
    ///   - name: 1 to 80 bytes without control characters, blanks around it left out; unlike every other's.
    /// - Returns: the renamed model.
    /// - Throws: `SegmentRenameError` with what is wrong.
    package func renaming(_ label: String, to name: String) throws(SegmentRenameError) -> SegmentModel {
        guard let index = segments.firstIndex(where: { $0.label == label }) else {
            throw .noSuchSegment(label, known: segments.map(\.label))
        }
        let name = String(Self.trimmed(Substring(name)))
        guard !name.isEmpty else { throw .empty }
        guard name.utf8.count <= Self.nameBytesMax else { throw .tooLong(bytes: name.utf8.count) }
        let hasControl = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !hasControl else { throw .controlCharacter }
        for other in segments where other.name == name && other.label != label {
            throw .taken(name, by: other.label)
        }
        var renamed = self
        renamed.segments[index].name = name
        renamed.segments[index].isRenamed = true
        renamed.version += 1
        return renamed
    }

    /// Whether the segments are called the same, so that nothing need be renamed.
    func hasNames(of other: SegmentModel) -> Bool {
        segments.count == other.segments.count
            && segments.indices.allSatisfy { segments[$0].name == other.segments[$0].name }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
