import Foundation
import ShoalCore

/// A decoder that hands out owned copies of what it decoded, with bytes and text told apart.
final class DecoderHarness {
    enum Value: Equatable {
        case boolean(Bool)
        case integer(Int64)
        case real(Double)
        case text(String)
    }

    struct Item: Equatable {
        var productID: Value?
        var category: Value?
        var quantity = 1.0
        var price = 0.0
    }

    struct Decoded: Equatable {
        var purpose = Event.Purpose.ordinary
        var customer: [UInt8] = []
        var fingerprint: EventFingerprint?
        var anonymousID = ""
        var milliseconds: Int64 = 0
        var fields: [String: Value] = [:]
        var items: [Item] = []

        var type: String? {
            if case .text(let type) = fields["type"] { type } else { nil }
        }

        var amount: Double? {
            switch fields["amount"] {
            case .integer(let value): Double(value)
            case .real(let value): value
            default: nil
            }
        }
    }

    enum Outcome: Equatable {
        case event(Decoded)
        case ignored
        case rejected(EventRejection)

        var event: Decoded? {
            if case .event(let decoded) = self { decoded } else { nil }
        }

        var rejection: EventRejection? {
            if case .rejected(let rejection) = self { rejection } else { nil }
        }
    }

    /// What an event with this id has.
    static func fingerprint(_ id: String) -> EventFingerprint? {
        unsafe Array(id.utf8).withUnsafeBytes { unsafe EventFingerprint(LentBytes($0)) }
    }

    private var decoder: EventDecoder
    private let schema: EventSchema

    init(
        _ source: SourceMapping = .canonical(), schema: EventSchema = EventSchema(),
        limits: EventLimits = EventLimits()
    ) {
        self.schema = schema
        decoder = EventDecoder(source: source, schema: schema, limits: limits)
    }

    var needsHeader: Bool { decoder.needsHeader }

    func adoptHeader(_ line: String) throws {
        try unsafe Array(line.utf8).withUnsafeBytes { try unsafe decoder.adoptHeader($0) }
    }

    func beginFile() { decoder.beginFile() }

    func decode(
        _ text: String, record: Int64? = nil, latest: Int64 = .max, isPadded: Bool = false
    ) -> Outcome {
        decode(Array(text.utf8), record: record, latest: latest, isPadded: isPadded)
    }

    /// Decodes bytes; with `isPadded` they are followed by 64 bytes that would be poison if they were read.
    func decode(
        _ bytes: [UInt8], record: Int64? = nil, latest: Int64 = .max, isPadded: Bool = false
    ) -> Outcome {
        let stored = isPadded ? bytes + [UInt8](repeating: UInt8(ascii: "}"), count: 64) : bytes
        return unsafe stored.withUnsafeBytes { buffer in
            let outcome = unsafe decoder.decode(
                UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count]), isPadded: isPadded,
                recordTimestampMilliseconds: record, latestMilliseconds: latest)
            return switch outcome {
            case .event: .event(copy())
            case .ignored: .ignored
            case .rejected(let rejection): .rejected(rejection)
            }
        }
    }

    private func copy() -> Decoded {
        var decoded = Decoded()
        decoded.purpose = decoder.event.purpose
        decoded.customer = unsafe Array(decoder.event.customer.buffer)
        decoded.fingerprint = decoder.event.fingerprint
        decoded.anonymousID = decoder.event.anonymousID.text
        decoded.milliseconds = decoder.event.timestampMilliseconds
        for index in 0..<schema.count { decoded.fields[schema.paths[index]] = value(decoder.event[index]) }
        for index in 0..<decoder.event.itemCount {
            let item = decoder.event.item(index)
            decoded.items.append(
                Item(
                    productID: value(item.productID), category: value(item.category),
                    quantity: item.quantity, price: item.price))
        }
        return decoded
    }

    private func value(_ value: FieldValue) -> Value? {
        switch value.kind {
        case .absent: nil
        case .boolean: .boolean(value.number == 1)
        case .integer: .integer(value.integerValue)
        case .real: value.number.map { .real($0) }
        case .text: .text(value.text.text)
        }
    }
}
