/// What a field of an event may hold; two values are equal only if their kinds are.
package enum ReferenceValue: Hashable, Sendable {
    case number(Double)
    /// UTF-8, so that texts that differ in normalisation differ.
    case text([UInt8])
    case flag(Bool)

    /// The value as `sum`, `mean` and `last` see it: true is 1, text is absent.
    package var asNumber: Double? {
        switch self {
        case .number(let number): number
        case .text: nil
        case .flag(let flag): flag ? 1 : 0
        }
    }
}

extension ReferenceValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .text(Array(value.utf8)) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}
