/// Finds which predicates a field's value allows, by comparing it with every constant the plan knows.
struct PredicateMatcher: Sendable {
    /// A text constant; equal first words and counts decide up to eight bytes.
    private struct Text: Sendable, BitwiseCopyable {
        var firstWord: UInt64
        var start: Int
        var count: Int
        var mask: PredicateMask
    }

    /// A constant that is a number or a truth value.
    private struct Other: Sendable, BitwiseCopyable {
        enum Kind: UInt8, Sendable, BitwiseCopyable { case integer, real, boolean }

        var kind: Kind
        var integer: Int64
        var number: Double
        var mask: PredicateMask
    }

    /// Fields that predicates look at: first those that only the event decides, then those of items.
    let fields: FrozenArray<FieldMatcher>
    let eventFieldCount: Int
    /// Position of the matcher of categories and of products in `fields`, −1 if nobody looks at them.
    let category: Int
    let product: Int
    private let texts: FrozenArray<Text>
    private let others: FrozenArray<Other>
    private let bytes: FrozenArray<UInt8>

    init(predicates: [Predicate], schema: EventSchema) {
        var texts: [Text] = []
        var others: [Other] = []
        var bytes: [UInt8] = []
        func matcher(_ path: String) -> FieldMatcher? {
            guard let field = schema.index(of: path) else { return nil }
            let (firstText, firstOther) = (texts.count, others.count)
            for constant in Self.constants(at: path, predicates) {
                let mask = Self.mask(of: constant, at: path, predicates)
                switch constant {
                case .text(let value):
                    let utf8 = Array(value.utf8)
                    texts.append(
                        Text(
                            firstWord: Self.firstWord(utf8), start: bytes.count, count: utf8.count, mask: mask
                        ))
                    bytes += utf8
                case .integer(let value):
                    others.append(Other(kind: .integer, integer: value, number: Double(value), mask: mask))
                case .real(let value):
                    others.append(Other(kind: .real, integer: 0, number: value, mask: mask))
                case .boolean(let value):
                    others.append(Other(kind: .boolean, integer: 0, number: value ? 1 : 0, mask: mask))
                }
            }
            return FieldMatcher(
                field: field, firstText: firstText, textCount: texts.count - firstText,
                firstOther: firstOther,
                otherCount: others.count - firstOther, unmatched: Self.mask(of: nil, at: path, predicates))
        }
        let paths = predicates.reduce(into: Set<String>()) { $0.formUnion($1.paths) }
        let ofItems = [EventSchema.WellKnown.category.name, EventSchema.WellKnown.productID.name]
        let ofEvent = paths.subtracting(ofItems).sorted()
        let present = ofItems.filter(paths.contains)
        fields = FrozenArray((ofEvent + present).compactMap(matcher))
        eventFieldCount = ofEvent.count
        category = present.firstIndex(of: ofItems[0]).map { $0 + ofEvent.count } ?? -1
        product = present.firstIndex(of: ofItems[1]).map { $0 + ofEvent.count } ?? -1
        self.texts = FrozenArray(texts)
        self.others = FrozenArray(others)
        self.bytes = FrozenArray(bytes)
    }

    /// Every constant that some predicate compares a field with, once, in order of appearance.
    private static func constants(at path: String, _ predicates: [Predicate]) -> [FieldConstant] {
        var seen: Set<FieldConstant> = []
        return predicates.flatMap { predicate in
            let excluded = path == EventSchema.WellKnown.type.name ? predicate.excludedTypes : []
            return predicate.conditions.filter { $0.path == path }.flatMap(\.anyOf)
                + excluded.map(FieldConstant.text)
        }.filter { seen.insert($0).inserted }
    }

    private static func mask(
        of value: FieldConstant?, at path: String, _ predicates: [Predicate]
    ) -> PredicateMask {
        var mask = PredicateMask.everything
        for (bit, predicate) in predicates.enumerated() where !predicate.allows(value, at: path) {
            mask.remove(bit)
        }
        return mask
    }

    private static func firstWord(_ bytes: [UInt8]) -> UInt64 {
        unsafe bytes.withUnsafeBufferPointer {
            unsafe LentBytes(start: $0.baseAddress, count: $0.count).firstWord
        }
    }

    /// The predicates that `value` in the field of a matcher allows.
    @inline(__always)
    func mask(of value: FieldValue, at index: Int) -> PredicateMask {
        let matcher = fields[index]
        guard value.kind == .text else {
            return matcher.otherCount == 0 ? matcher.unmatched : maskOfOther(value, matcher)
        }
        let firstWord = value.text.firstWord
        for index in matcher.firstText..<matcher.firstText + matcher.textCount {
            let text = texts[index]
            if text.firstWord == firstWord, text.count == value.text.count,
                text.count <= 8
                    || bytes.bytes(text.start..<text.start + text.count).holdsSameBytes(as: value.text)
            {
                return text.mask
            }
        }
        return matcher.unmatched
    }

    private func maskOfOther(_ value: FieldValue, _ matcher: FieldMatcher) -> PredicateMask {
        for index in matcher.firstOther..<matcher.firstOther + matcher.otherCount {
            let other = others[index]
            let isEqual =
                switch (other.kind, value.kind) {
                case (.integer, .integer): other.integer == value.integerValue
                case (.integer, .real), (.real, .real), (.real, .integer), (.boolean, .boolean):
                    other.number == value.number
                default: false
                }
            if isEqual { return other.mask }
        }
        return matcher.unmatched
    }
}
