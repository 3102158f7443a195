/// A constant of a configuration that an event's field is compared with or set to.
package enum FieldConstant: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
}
