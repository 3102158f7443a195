/// Where a change leads, found in its bytes without reading the rest.
///
/// The writer puts the fields in a fixed order, and quotes within strings are escaped, so that `,"to":` can
/// only be the field.
package struct ChangeFields: Equatable, Sendable {
    /// The number of the segment entered; `nil` where there is none.
    package let segment: Int?
    /// The number of the segment left; `nil` where there was none.
    package let origin: Int?
    /// Whether the customer was in no segment before.
    package var isFirst: Bool { origin == nil }
    /// Whether an event caused it, rather than a new model or the passing of time.
    package let isCausedByEvent: Bool

    private static let from = Array(#","from":"#.utf8)
    private static let to = Array(#","to":"#.utf8)
    private static let identifier = Array(#"{"id":"s"#.utf8)
    private static let causedByEvent = Array(#","cause":"event""#.utf8)

    /// Reads a record's value; `nil` if it is no segment change.
    package init?(_ bytes: Span<UInt8>) {
        guard let from = Self.end(of: Self.from, in: bytes, after: 0), from < bytes.count,
            let to = Self.end(of: Self.to, in: bytes, after: from)
        else { return nil }
        origin = Self.number(in: bytes, at: from)
        segment = Self.number(in: bytes, at: to)
        isCausedByEvent = Self.end(of: Self.causedByEvent, in: bytes, after: to) != nil
    }

    /// The number of the segment that is told at a place; `nil` where there is none.
    private static func number(in bytes: Span<UInt8>, at place: Int) -> Int? {
        guard var index = end(of: identifier, in: bytes, after: place, window: 1) else { return nil }
        var number = 0
        while index < bytes.count, case let digit = bytes[index], (48...57).contains(digit),
            number < 1_000_000
        {
            number = number * 10 + Int(digit - 48)
            index += 1
        }
        return number
    }

    /// The index after the first occurrence of a pattern.
    ///
    /// - Parameters:
    ///   - pattern: not empty.
    ///   - bytes: searched.
    ///   - start: the first place at which it may begin.
    ///   - window: places at which it may begin; all of them if `nil`.
    /// - Returns: `nil` where there is none.
    private static func end(
        of pattern: [UInt8], in bytes: Span<UInt8>, after start: Int, window: Int? = nil
    ) -> Int? {
        let last = min(bytes.count - pattern.count, window.map { start + $0 - 1 } ?? .max)
        guard start <= last else { return nil }
        for candidate in start...last where bytes[candidate] == pattern[0] {
            var matched = 1
            while matched < pattern.count, bytes[candidate + matched] == pattern[matched] { matched += 1 }
            if matched == pattern.count { return candidate + pattern.count }
        }
        return nil
    }
}
