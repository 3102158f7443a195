import ShoalKafka
import Testing

@Suite struct KafkaPlacementTests {
    /// Keys and hashes of `UtilsTest.testMurmur2` in Kafka's own tests.
    @Test(
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
        ] as [(String, Int32)])
    func `a key is placed as Java's client places it`(key: String, hash: Int32) {
        for count in [1, 4, 50] as [Int32] {
            let place = KafkaPlacement.partition(of: Array(key.utf8).span, partitionCount: count)
            #expect(place == (hash & .max) % count)
        }
    }
}
