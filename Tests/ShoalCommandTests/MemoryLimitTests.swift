import ShoalCore
import ShoalEngine
import ShoalKafka
import Testing

@testable import shoal

/// What of little memory may hold records on their way.
@Suite struct MemoryLimitTests {
    private func bounds(_ bytes: UInt64, lanes: Int) -> [Int] {
        var settings = EngineSettings(
            kafka: KafkaProperties(), group: "g", sources: [], features: [],
            hash: KeyHash(first: 1, second: 2))
        settings.lanes = lanes
        MemoryLimit.bound(&settings, by: bytes)
        return [settings.readAheadKilobytes, settings.unsentKilobytes]
    }

    @Test func `lanes share a quarter and an eighth, up to what is of use and down to one large record`() {
        #expect(bounds(24 << 30, lanes: 2) == [122_880, 131_072])
        #expect(bounds(256 << 20, lanes: 2) == [32_768, 16_384])
        #expect(bounds(256 << 20, lanes: 64) == [2_048, 2_048])
    }

    @Test func `the machine's own memory is the least limit`() {
        #expect(MemoryLimit.bytes >= 64 << 20)
    }
}
