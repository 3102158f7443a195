import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// The files of JSONTestSuite (Seriot, "Parsing JSON is a minefield"), as records and inside an event.
@Suite(
    .enabled(
        if: CorpusFolder.exists(CorpusFolder.badInput.appending(path: "test_parsing")),
        "needs JSONTestSuite's test_parsing in SHOAL_BAD_INPUT or in ../shared/badinput"))
struct JSONTestSuiteTests {
    private func files(_ prefix: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = CorpusFolder.badInput.appending(path: "test_parsing")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasPrefix(prefix) }
            .map { ($0, Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    private func inside(_ bytes: [UInt8]) -> [UInt8] {
        Array(#"{"type":"t","customer_id":"c","timestamp":1767225600000,"x":"#.utf8) + bytes + Array("}".utf8)
    }

    @Test func `what is JSON is never called something else`() throws {
        let files = try files("y_")
        #expect(files.count == 95)
        let harness = DecoderHarness()
        for file in files {
            // The one rule that goes beyond RFC 8259.
            let repeats = file.name.hasPrefix("y_object_duplicated_key")
            let rejection = harness.decode(file.bytes).rejection

            #expect(repeats || rejection?.reason != .notJSON, "\(file.name): \(rejection?.detail ?? "")")
            #expect(rejection?.reason != .badUTF8, "\(file.name)")
            let wrapped = harness.decode(inside(file.bytes))
            #expect((wrapped.event == nil) == repeats, "\(file.name): \(wrapped)")
        }
    }

    @Test func `what is not JSON is always rejected`() throws {
        let files = try files("n_")
        #expect(files.count == 188)
        let harness = DecoderHarness()
        for file in files {
            for bytes in [file.bytes, inside(file.bytes)] {
                let reason = harness.decode(bytes).rejection?.reason
                #expect(reason == .notJSON || reason == .badUTF8 || reason == .tooDeep, "\(file.name)")
            }
        }
    }

    @Test func `what parsers disagree about does no harm`() throws {
        let files = try files("i_")
        #expect(files.count == 35)
        let harness = DecoderHarness()
        for file in files {
            #expect(harness.decode(file.bytes).event == nil, "\(file.name) has no customer")
            let outcome = harness.decode(inside(file.bytes))
            // Numbers of any size are JSON, and this one is read by nobody.
            if file.name.hasPrefix("i_number_") { #expect(outcome.event != nil, "\(file.name)") }
            if file.name.hasPrefix("i_string_") { #expect(outcome.event == nil, "\(file.name)") }
        }
    }

    @Test func `naughty strings come back byte for byte`() throws {
        let data = try Data(contentsOf: CorpusFolder.badInput.appending(path: "blns.json"))
        let strings = try JSONDecoder().decode([String].self, from: data)
        #expect(strings.count > 500)
        let harness = DecoderHarness()
        var used = 0
        for string in strings {
            let literal = String(decoding: try JSONEncoder().encode(string), as: UTF8.self)
            let outcome = harness.decode(
                #"{"type":"t","customer_id":\#(literal),"timestamp":1767225600000}"#)
            let bytes = Array(string.utf8)
            if bytes.allSatisfy({ $0 == 0x20 }) {
                #expect(outcome.rejection?.reason == .missingCustomer)
            } else if bytes.count > 256 || bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                #expect(outcome.rejection?.reason == .badCustomer)
            } else {
                used += 1
                #expect(outcome.event?.customer == bytes, "\(literal)")
            }
        }
        #expect(used > 450)
    }
}
