/// Finds which predicates a field's value allows, by comparing it with every constant the plan knows.
struct FieldMatcher: Sendable {
    private struct Text: Sendable {
        let firstWord: UInt64
        let bytes: [UInt8]
        let mask: PredicateMask
    }

    /// Index of the field in the schema.
    let field: Int
    private var texts: [Text] = []
    private var others: [(constant: FieldConstant, mask: PredicateMask)] = []
    /// Predicates that do not look at this field.
    private let unmatched: PredicateMask

    init(field: Int, path: String, predicates: [Predicate]) {
        self.field = field
        func mask(_ value: FieldConstant?) -> PredicateMask {
            var mask = PredicateMask.everything
            for (bit, predicate) in predicates.enumerated() where !predicate.allows(value, at: path) {
                mask.remove(bit)
            }
            return mask
        }
        unmatched = mask(nil)
        var seen: Set<FieldConstant> = []
        for predicate in predicates {
            var constants = predicate.conditions.filter { $0.path == path }.flatMap(\.anyOf)
            if path == EventSchema.WellKnown.type.name {
                constants += predicate.excludedTypes.map(FieldConstant.text)
            }
            for constant in constants where seen.insert(constant).inserted {
                if case .text(let value) = constant {
                    let bytes = Array(value.utf8)
                    let firstWord = unsafe bytes.withUnsafeBufferPointer {
                        unsafe LentBytes(start: $0.baseAddress, count: $0.count).firstWord
                    }
                    texts.append(Text(firstWord: firstWord, bytes: bytes, mask: mask(constant)))
                } else {
                    others.append((constant, mask(constant)))
                }
            }
        }
    }

    @inline(__always)
    func mask(of value: FieldValue) -> PredicateMask {
        if value.kind == .text {
            let firstWord = value.text.firstWord
            for index in texts.indices where texts[index].firstWord == firstWord {
                if value.text.equals(texts[index].bytes) { return texts[index].mask }
            }
            return unmatched
        }
        return others.isEmpty ? unmatched : maskOfOther(value)
    }

    private func maskOfOther(_ value: FieldValue) -> PredicateMask {
        for (constant, mask) in others {
            switch (constant, value.kind) {
            case (.integer(let number), .integer) where number == value.integerValue: return mask
            case (.integer(let number), .real) where Double(number) == value.number: return mask
            case (.real(let number), .real), (.real(let number), .integer):
                if number == value.number { return mask }
            case (.boolean(let truth), .boolean) where (truth ? 1 : 0) == value.number: return mask
            default: continue
            }
        }
        return unmatched
    }
}
