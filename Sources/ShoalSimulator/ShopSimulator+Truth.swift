extension ShopSimulator {
    /// What a customer, `0 ..< options.customers`, was at a moment: what a segmentation is judged by.
    package func behaviour(ofCustomer customer: Int, at timeMilliseconds: Int64) -> ShopperBehaviour {
        let shopper = shoppers[customer]
        let behaviour =
            timeMilliseconds < shopper.switchTimeMilliseconds ? shopper.before : shopper.after
        let isConverted =
            behaviour == .window && shopper.isConvertible && timeMilliseconds >= driftTimeMilliseconds
        return isConverted ? .bargain : behaviour
    }

    /// The customer's number for an id as written in the events; nil if there is no such customer.
    package func customer(withIdentifier identifier: some Collection<UInt8>) -> Int? {
        guard identifier.count == 8, identifier.first == UInt8(ascii: "c") else { return nil }
        var number = 0
        for byte in identifier.dropFirst() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number < options.customers ? number : nil
    }

    /// Appends the header of the truth as comma-separated values, with a line end.
    ///
    /// The drift's columns are there only if there is a drift.
    package func appendTruthHeader(to buffer: inout [UInt8]) {
        buffer.append(contentsOf: "customer_id,behaviour,switch_to,switch_time".utf8)
        if options.drift != nil { buffer.append(contentsOf: ",drift_to,drift_time".utf8) }
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Appends one customer's line of the truth, with a line end; empty fields for what does not happen.
    package func appendTruth(ofCustomer customer: Int, to buffer: inout [UInt8]) {
        let shopper = shoppers[customer]
        var identifier = Array("c0000000".utf8)
        var digits = identifier.mutableSpan
        TextFields.write(decimal: customer, digits: 7, at: 1, into: &digits)
        buffer.append(contentsOf: identifier)
        buffer.append(contentsOf: ",\(shopper.before.name)".utf8)
        let switches = shopper.switchTimeMilliseconds != .max
        appendChange(
            to: shopper.after, at: switches ? shopper.switchTimeMilliseconds : nil, buffer: &buffer)
        if options.drift != nil {
            appendChange(to: .bargain, at: conversionTimeMilliseconds(of: shopper), buffer: &buffer)
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    /// When the drift first shows in a customer: at once, or when they take up window shopping.
    private func conversionTimeMilliseconds(of shopper: Shopper) -> Int64? {
        guard shopper.isConvertible else { return nil }
        if shopper.before == .window, driftTimeMilliseconds < shopper.switchTimeMilliseconds {
            return driftTimeMilliseconds
        }
        guard shopper.after == .window else { return nil }
        return max(driftTimeMilliseconds, shopper.switchTimeMilliseconds)
    }

    private func appendChange(
        to behaviour: ShopperBehaviour, at timeMilliseconds: Int64?, buffer: inout [UInt8]
    ) {
        guard let timeMilliseconds else {
            buffer.append(contentsOf: ",,".utf8)
            return
        }
        var timestamp = Array(TextFields.timestampTemplate.utf8)
        var characters = timestamp.mutableSpan
        TextFields.writeTimestamp(milliseconds: timeMilliseconds, at: 0, into: &characters)
        buffer.append(contentsOf: ",\(behaviour.name),".utf8)
        buffer.append(contentsOf: timestamp)
    }
}
