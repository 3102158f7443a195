@testable internal import ShoalEngine
internal import Testing

@Suite struct ReadingPaceTests {
    @Test func `no more bytes are read than the rate allows, but for one record`() {
        var pace = ReadingPace(now: 0)
        var read = 0
        for now in stride(from: Int64(0), through: 10_000, by: 7) {
            pace.refill(bytesPerSecond: 5_000, now: now)
            while pace.isOpen {
                pace.spend(900)
                read += 900
            }
        }
        #expect((49_000...50_900).contains(read))
    }

    @Test func `what was not read is not saved up for long`() {
        var pace = ReadingPace(now: 0)
        pace.refill(bytesPerSecond: 1_000, now: 3_600_000)
        var count = 0
        while pace.isOpen {
            pace.spend(1)
            count += 1
        }
        #expect(count == 200)
    }

    @Test func `where all is wanted, nothing is held back`() {
        var pace = ReadingPace(now: 0)
        pace.refill(bytesPerSecond: .max, now: 1)
        pace.spend(.max / 2)
        #expect(!pace.isLimited)
        #expect(pace.isOpen)
        pace.refill(bytesPerSecond: 1_000, now: 2)
        #expect(pace.isLimited)
        #expect(pace.isOpen)
    }
}
