import Foundation
import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct LogarithmOfOnePlusTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it equals the C library's to nine digits`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var values: [Double] = [1e-300, 1e-12, 1e-6, 0.25, 0.249_999, 0.414_213_562, 1, 3, 1e12, 1e300]
        for _ in 0..<20_000 { values.append(exp(generator.nextUnit() * 60 - 20)) }
        for value in values {
            let expected = log1p(value)
            let relative = abs(LogarithmOfOnePlus.of(value) - expected) / expected
            #expect(relative < 1e-9, "seed \(seed): ln(1 + \(value)) is off by \(relative)")
        }
        #expect(LogarithmOfOnePlus.of(0) == 0)
    }
}
