import Foundation

/// What tests look at in a change of segment.
struct ChangeLine: Equatable {
    private struct Body: Decodable {
        struct Segment: Decodable { let id: String }
        let change_id: String
        let customer_id: String
        let revision: Int
        let from: Segment?
        let to: Segment?
    }

    let partition: Int32
    let changeID: String
    let customer: String
    let revision: Int
    /// Before; `nil` for none.
    let from: String?
    let segment: String?

    init(_ record: TopicRecord) throws {
        let body = try JSONDecoder().decode(Body.self, from: Data(record.value ?? []))
        partition = record.partition
        changeID = body.change_id
        customer = body.customer_id
        revision = body.revision
        from = body.from?.id
        segment = body.to?.id
    }

    /// The customer's number, as `EngineFixture` names them.
    var number: Int { Int(customer.dropFirst()) ?? -1 }
}
