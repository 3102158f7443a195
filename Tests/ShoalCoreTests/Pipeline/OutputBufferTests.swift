import Foundation
import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct OutputBufferTests {
    private static func text(_ write: (inout OutputBuffer) -> Void) -> String {
        // Small, so that numbers are also written across a growth of the block.
        var buffer = OutputBuffer(capacity: 4)
        write(&buffer)
        return String(decoding: buffer.copied(0..<buffer.bytes), as: UTF8.self)
    }

    private static func rounded(_ value: Double) -> String { text { $0.append(rounded: value) } }

    /// `printf`'s four decimals, which are exact, without trailing zeros.
    private static func reference(_ value: Double) -> String {
        var text = String(format: "%.4f", value)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    private static func compare(_ value: Double) {
        let text = rounded(value)
        #expect(text.wholeMatch(of: /-?(0|[1-9]\d*)(\.\d{0,3}[1-9])?/) != nil, "\(value) became \(text)")
        #expect(text != "-0")
        // Half-way cases may go either way by what the product with 10,000 rounds off.
        let scaled = value.magnitude * 10_000
        let isHalfWay = abs(scaled - scaled.rounded(.down) - 0.5) < 1e-6 + scaled.ulp * 2
        if isHalfWay || value.magnitude > 1e8 {
            let read = Double(text) ?? .nan
            #expect(abs(read - value) <= 0.5e-4 + value.ulp.magnitude * 2, "\(value) became \(text)")
        } else {
            #expect(text == reference(value), "\(value)")
        }
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `numbers are rounded to four decimals`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let sign = generator.nextUnit() < 0.5 ? 1.0 : -1
            let exponent = Double(generator.nextIndex(below: 19)) - 7
            Self.compare(sign * generator.nextUnit() * pow(10, exponent))
            // Few digits, as people write them.
            Self.compare(sign * Double(generator.nextIndex(below: 10_000_000)) / 10_000)
            Self.compare(sign * Double(generator.nextIndex(below: 10_000_000)) / 100_000)
        }
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (0.00004, "0"), (-0.00004, "0"),
            (0.00006, "0.0001"), (-0.00006, "-0.0001"), (1.5, "1.5"), (12.3456, "12.3456"),
            (12.34564, "12.3456"), (9.99996, "10"), (0.0101, "0.0101"), (100.001, "100.001"),
            (123_456_789.25, "123456789.25"), (.leastNonzeroMagnitude, "0"),
            (899_999_999_999, "899999999999"),
        ] as [(Double, String)])
    func `numbers are written without needless digits`(value: Double, expected: String) {
        #expect(Self.rounded(value) == expected)
        Self.compare(value)
    }

    @Test(arguments: [9e11, 1e15, -3.25e12, 1e16, 1e300, .greatestFiniteMagnitude])
    func `huge numbers read back as they were`(value: Double) throws {
        let read = try JSONDecoder().decode([Double].self, from: Data("[\(Self.rounded(value))]".utf8))
        #expect(read == [value])
    }

    @Test(arguments: [.nan, .infinity, -.infinity] as [Double])
    func `what is no number is null`(value: Double) {
        #expect(Self.rounded(value) == "null")
    }

    @Test func `integers are written as they are`() {
        var generator = SeededGenerator(seed: 9)
        var values: [Int64] = [0, -1, 1, 9, 10, 99, 100, .max, .min, .max - 1, .min + 1]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            values += [power - 1, power, power + 1, -power]
        }
        for _ in 0..<2_000 {
            values.append(Int64(bitPattern: generator.next()) >> Int64(generator.nextIndex(below: 64)))
        }
        for value in values { #expect(Self.text { $0.append(integer: value) } == "\(value)") }
    }

    @Test func `any text comes back out of a JSON string`() throws {
        var generator = SeededGenerator(seed: 4)
        let scalars: [Unicode.Scalar] = ["\"", "\\", "/", "\u{7f}", "é", "€", "𝄞", "\u{2028}", "a", " "]
        var texts = (0..<0x20).compactMap { Unicode.Scalar($0).map { "x\($0)y" } } + ["", "plain"]
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<generator.nextIndex(below: 12) {
                let pick = generator.nextIndex(below: 40)
                text.append(pick < scalars.count ? scalars[pick] : Unicode.Scalar(UInt8(pick - 10)))
            }
            texts.append(String(text))
        }
        for text in texts {
            let written = String(decoding: OutputBuffer.escaped(text), as: UTF8.self)
            #expect(written.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            let read = try JSONDecoder().decode([String].self, from: Data("[\"\(written)\"]".utf8))
            #expect(read.map { Array($0.utf8) } == [Array(text.utf8)])
        }
    }

    /// Short ones are copied in one piece, which overwrites what no later text covers.
    @Test func `texts of any length lie end to end, up to the last byte of the room`() {
        let texts = (0...70).map { [UInt8](repeating: UInt8($0) + 32, count: $0) }
        let frozen = FrozenTexts(texts)
        let expected = Array(texts.joined())
        var buffer = OutputBuffer(capacity: 1)
        buffer.withRoom(expected.count) { cursor in
            for index in texts.indices { cursor.append(frozen[index]) }
        }
        buffer.add(.changes, partition: 0, key: 0..<0, value: 0..<buffer.bytes)
        unsafe buffer.forEach { _, _, value in #expect(unsafe value.map(Array.init) == expected) }
        #expect(buffer.bytes == expected.count)
    }

    @Test func `records are handed out as they were written, through growth and reuse`() {
        var buffer = OutputBuffer(capacity: 16)
        for round in 0..<3 {
            var expected: [String] = []
            for number in 0..<200 {
                let key = "key \(round) \(number)"
                let value = number.isMultiple(of: 7) ? nil : String(repeating: "v\(number)", count: number)
                let keyStart = buffer.bytes
                buffer.append(Array(key.utf8))
                let valueStart = buffer.bytes
                if let value { buffer.append(Array(value.utf8)) }
                buffer.add(
                    number.isMultiple(of: 2) ? .changes : .currentSegments, partition: Int32(number),
                    key: keyStart..<valueStart, value: value == nil ? nil : valueStart..<buffer.bytes)
                expected.append("\(number) \(key)=\(value ?? "none")")
            }
            var read: [String] = []
            unsafe buffer.forEach { record, key, value in
                #expect(record.stream == (record.partition.isMultiple(of: 2) ? .changes : .currentSegments))
                let key = unsafe String(decoding: key, as: UTF8.self)
                let value = unsafe value.map { unsafe String(decoding: $0, as: UTF8.self) }
                read.append("\(record.partition) \(key)=\(value ?? "none")")
            }
            #expect(read == expected)
            buffer.removeAll()
            #expect(buffer.isEmpty && buffer.bytes == 0)
        }
    }
}
