internal import ShoalTestSupport
internal import Testing
internal import shoal

@Suite struct LiveTableTests {
    private func lines(
        _ content: LiveTableContent, width: Int, height: Int = 24, isColoured: Bool = false
    ) -> [String] {
        LiveTable(width: width, height: height, isColoured: isColoured).lines(content)
    }

    @Test(arguments: [80, 120]) func `a running demo looks as it was reviewed`(width: Int) {
        let text = lines(LiveTableSample.running, width: width).joined(separator: "\n")
        #expect(GoldenFile("live-table-\(width).txt").matches(text), "\(text)")
    }

    @Test func `before the first model it says what it waits for`() {
        let text = lines(LiveTableSample.waiting, width: 80).joined(separator: "\n")
        #expect(GoldenFile("live-table-waiting.txt").matches(text), "\(text)")
    }

    @Test(arguments: [20, 40, 60, 79, 80, 109, 110, 120, 200], [3, 10, 16, 24, 60])
    func `no line is wider than the terminal, and a row stays free`(width: Int, height: Int) {
        for content in [LiveTableSample.running, LiveTableSample.waiting, LiveTableContent()] {
            let lines = lines(content, width: width, height: height)
            #expect(lines.count < height)
            for line in lines { #expect(LiveTableText.width(line) <= width, "\(line)") }
        }
    }

    @Test(arguments: [80, 120]) func `colours change nothing but colours`(width: Int) {
        let plain = lines(LiveTableSample.running, width: width)
        let coloured = lines(LiveTableSample.running, width: width, isColoured: true)
        #expect(plain.allSatisfy { !$0.contains("\u{1b}") })
        #expect(coloured.contains { $0.contains("\u{1b}[38;5;") })
        #expect(coloured.map(withoutColours) == plain)
    }

    @Test func `what a name brings along cannot move the cursor`() {
        var content = LiveTableSample.running
        content.segments[0].name = "evil\u{1b}[2J\nname"
        content.alerts = ["\u{1b}]0;title\u{7}"]
        let text = lines(content, width: 120).joined()
        #expect(!text.contains("\u{1b}"))
        #expect(!text.contains("\n"))
        #expect(text.contains("evil\u{FFFD}[2J\u{FFFD}name"))
    }

    @Test func `a low terminal gives up changes before segments`() {
        let text = lines(LiveTableSample.running, width: 80, height: 15).joined(separator: "\n")
        #expect(text.contains("s12 window shoppers"))
        #expect(text.contains("kcat"))
        #expect(!text.contains("latest changes"))
    }

    private func withoutColours(_ line: String) -> String {
        var result = line.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        while result.last == " " { result.removeLast() }
        return result
    }
}
