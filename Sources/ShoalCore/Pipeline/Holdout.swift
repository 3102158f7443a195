/// Who is left alone by what others do with segments, so that its effect can be measured against them.
///
/// A customer's group follows from the id and the salt alone: it is the same on every machine and after every
/// restart, and another salt draws all anew.
package struct Holdout: Equatable, Sendable {
    package enum Group: String, Sendable { case treatment, control }

    /// Of customers in `control`, above 0 and below 1.
    package let share: Double
    package let salt: String
    private let start: UInt64

    package init(share: Double, salt: String) {
        precondition(share > 0 && share < 1, "Both groups have somebody.")
        self.share = share
        self.salt = salt
        var hash = StableHash()
        hash.combine(salt.utf8)
        start = StableHash.mix(hash.value)
    }

    @inline(__always)
    func group(of customer: LentBytes) -> Group {
        let drawn = StableHash.mix(StableHash.of(customer) ^ start)
        return Double(drawn >> 11) * 0x1p-53 < share ? .control : .treatment
    }

    /// The group of a customer, by the bytes of the id.
    package func group(of customer: [UInt8]) -> Group {
        unsafe customer.withUnsafeBufferPointer { bytes in
            group(of: unsafe LentBytes(start: bytes.baseAddress, count: bytes.count))
        }
    }
}
