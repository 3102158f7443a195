internal import Testing
internal import shoal

@Suite struct LiveTableTextTests {
    @Test(arguments: [
        ("", 0), ("plain", 5), ("a · b", 5), ("é", 1), ("e\u{301}", 1), ("買い物", 6), ("한국", 4), ("ｆｕｌｌ", 8),
        ("🛒", 2), ("👩‍👧", 2), ("❤️", 2), ("█▏▁", 3), ("→…", 2),
    ])
    func `a text takes the columns that terminals give it`(text: String, columns: Int) {
        #expect(LiveTableText.width(text) == columns)
    }

    @Test func `what does not fit ends in an ellipsis and never in half a character`() {
        #expect(LiveTableText.clipped("window shoppers", to: 15) == "window shoppers")
        #expect(LiveTableText.clipped("window shoppers", to: 8) == "window …")
        #expect(LiveTableText.clipped("買い物客", to: 8) == "買い物客")
        #expect(LiveTableText.clipped("買い物客", to: 7) == "買い物…")
        #expect(LiveTableText.clipped("買い物客", to: 6) == "買い…")
        #expect(LiveTableText.clipped("anything", to: 1) == "…")
        #expect(LiveTableText.clipped("anything", to: 0).isEmpty)
        #expect(LiveTableText.left("買い物客", 6) == "買い… ")
        #expect(LiveTableText.right("買い", 6) == "  買い")
    }

    @Test(arguments: [
        (0.4, "0"), (99_999.4, "99,999"), (99_999.5, "100k"), (123_456, "123k"), (9_999_400, "9999k"),
        (12_345_678, "12M"), (-5_000, "-5,000"), (1e300, "-"),
    ])
    func `large numbers stay short`(value: Double, text: String) {
        #expect(LiveTableText.compact(value) == text)
    }

    @Test(arguments: [(0.0, "0.00"), (0.314, "0.31"), (5.08, "5.1"), (99.96, "100"), (-12.34, "-12.3")])
    func `a measured number has few digits`(value: Double, text: String) {
        #expect(LiveTableText.number(value) == text)
    }

    @Test func `a bar grows by eighths of a column`() {
        #expect(LiveTableBar.text(share: 0, columns: 4).isEmpty)
        #expect(LiveTableBar.text(share: 1.0 / 32, columns: 4) == "▏")
        #expect(LiveTableBar.text(share: 0.375, columns: 4) == "█▌")
        #expect(LiveTableBar.text(share: 1, columns: 4) == "████")
        #expect(LiveTableBar.text(share: .infinity, columns: 4) == "████")
    }

    @Test func `a trend shows what moves and keeps noise flat`() {
        #expect(LiveTableBar.trend([0, 1, 2, 3, 4, 5, 6, 7], columns: 8) == "▁▂▃▄▅▆▇█")
        #expect(LiveTableBar.trend([0, 0, 70, 70], columns: 2) == "▁█")
        #expect(LiveTableBar.trend([1_000, 1_001, 1_000], columns: 3) == "▄▄▄")
        #expect(LiveTableBar.trend([0, 0], columns: 5) == "▁▁")
        #expect(LiveTableBar.trend([], columns: 5).isEmpty)
    }
}
