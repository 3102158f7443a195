internal import Foundation

/// A segment change as a person is told of it.
package struct DemoChange: Equatable, Sendable {
    /// A feature that spoke for the change.
    package struct Reason: Equatable, Sendable, Decodable {
        package let feature: String
        /// The customer's.
        package let value: Double
        /// Of the segment that was left, or of the average customer.
        package let wasTypical: Double

        private enum CodingKeys: String, CodingKey {
            case feature, value
            case wasTypical = "was_typical"
        }

        package init(feature: String, value: Double, wasTypical: Double) {
            self.feature = feature
            self.value = value
            self.wasTypical = wasTypical
        }
    }

    /// A segment as changes name it.
    package struct Place: Equatable, Sendable, Decodable {
        package let id: String
        package let name: String

        package init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    package let customer: String
    package let from: Place?
    package let to: Place?
    package let reasons: [Reason]

    package init(customer: String, from: Place?, to: Place?, reasons: [Reason]) {
        self.customer = customer
        self.from = from
        self.to = to
        self.reasons = reasons
    }
}

extension DemoChange: Decodable {
    private enum CodingKeys: String, CodingKey {
        case customer = "customer_id"
        case from, to, reasons
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        customer = try container.decode(String.self, forKey: .customer)
        from = try container.decodeIfPresent(Place.self, forKey: .from)
        to = try container.decodeIfPresent(Place.self, forKey: .to)
        reasons = try container.decodeIfPresent([Reason].self, forKey: .reasons) ?? []
    }

    /// Reads a record of the topic of changes; `nil` if it is none.
    package init?(record: [UInt8]) {
        guard let change = try? JSONDecoder().decode(DemoChange.self, from: Data(record)) else { return nil }
        self = change
    }
}
