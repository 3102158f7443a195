import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct CRC32CTests {
    private static func byTables(_ bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32C()
        unsafe bytes.withUnsafeBytes { unsafe checksum.combineByTables($0) }
        return checksum.value
    }

    @Test func `the check value of the literature comes out of both ways`() {
        let digits = Array("123456789".utf8)
        #expect(CRC32C.checksum(digits) == 0xE306_9283)
        #expect(Self.byTables(digits) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8]()) == 0 && Self.byTables([]) == 0)
    }

    @Test(arguments: 0...40) func `the processor's instruction and the tables agree`(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        let bytes = (0..<length * length).map { _ in UInt8(generator.nextIndex(below: 256)) }
        #expect(CRC32C.checksum(bytes) == Self.byTables(bytes))
        // In two parts as well, which need not be whole words.
        var checksum = CRC32C()
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe checksum.combine(UnsafeRawBufferPointer(rebasing: bytes[..<(length / 2)]))
            unsafe checksum.combineByTables(UnsafeRawBufferPointer(rebasing: bytes[(length / 2)...]))
        }
        #expect(checksum.value == Self.byTables(bytes))
    }
}
