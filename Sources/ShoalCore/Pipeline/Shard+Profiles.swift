extension Shard {
    /// What a report says of one customer.
    package struct Profile: Sendable {
        package let customer: [UInt8]
        /// Identity of the segment; 0 for none.
        package let segmentID: Int
        package let revision: Int
        /// Epoch milliseconds; `nil` for a customer known by control events alone.
        package let lastEventMilliseconds: Int64?
        /// `[d]`, before transform and clip.
        package let raw: [Double]
        /// `[d]`, after transform and clip.
        package let features: [Float]
    }

    /// Reports every customer in order of first appearance, evaluated at stream time.
    package func forEachProfile(_ body: (Profile) throws -> Void) rethrows {
        for index in 0..<profiles.rowCount where !profiles.row(at: index).isRemoved {
            try body(profile(at: index))
        }
    }

    /// Tells every customer's segment in order of first appearance, 0 for none.
    package func forEachMembership(_ body: (_ customer: [UInt8], _ segmentID: Int) -> Void) {
        for index in 0..<profiles.rowCount {
            let row = profiles.row(at: index)
            if row.isRemoved { continue }
            // Safe: the key's bytes are copied at once.
            body(unsafe Array(profiles.key(at: index).buffer), Int(row.segmentID))
        }
    }

    /// The segment of one customer, 0 for none; `nil` if there is no such profile.
    package func segmentID(of customer: [UInt8]) -> Int? {
        index(of: customer).map { Int(profiles.row(at: $0).segmentID) }
    }

    /// Reports one customer, or `nil` if there is no such profile.
    package func profile(of customer: [UInt8]) -> Profile? {
        index(of: customer).map { profile(at: $0) }
    }

    /// Where a customer's row is; `nil` if there is none.
    func index(of customer: [UInt8]) -> Int? {
        // Safe: the bytes are only looked at.
        unsafe customer.withUnsafeBufferPointer { bytes in
            unsafe profiles.find(LentBytes(start: bytes.baseAddress, count: bytes.count))
        }
    }

    func profile(at index: Int) -> Profile {
        let row = profiles.row(at: index)
        var raw: [Double] = []
        var features: [Float] = []
        plan.forEachRawFeature(of: row, at: streamTimeMilliseconds, priors: priors) { feature, value in
            raw.append(value)
            features.append(plan.transformed(value, feature: feature))
        }
        return unsafe Profile(
            customer: Array(profiles.key(at: index).buffer), segmentID: Int(row.segmentID),
            revision: Int(row.revision),
            lastEventMilliseconds: row.newestMilliseconds == .min ? nil : row.newestMilliseconds,
            raw: raw, features: features)
    }
}
