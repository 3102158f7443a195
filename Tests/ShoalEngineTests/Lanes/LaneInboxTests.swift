internal import Synchronization
internal import Testing

@testable internal import ShoalEngine

@Suite struct LaneInboxTests {
    private final class Answers: Sendable {
        private let words = Mutex<[String]>([])
        var all: [String] { words.withLock { $0 } }

        func question(_ customer: String) -> LaneInbox.Question {
            LaneInbox.Question(customer: Array(customer.utf8), partition: 0) { answer in
                let word =
                    switch answer {
                    case .busy: "busy"
                    case .unavailable: "unavailable"
                    default: "other"
                    }
                self.words.withLock { $0.append("\(customer) \(word)") }
            }
        }
    }

    @Test func `questions are handed out in order, some at a time`() {
        let (inbox, answers) = (LaneInbox(), Answers())
        #expect(inbox.isEmpty)
        for customer in ["a", "b", "c"] { inbox.ask(answers.question(customer)) }
        #expect(!inbox.isEmpty)
        #expect(inbox.take(limit: 2).map(\.customer) == [Array("a".utf8), Array("b".utf8)])
        #expect(!inbox.isEmpty)
        #expect(inbox.take(limit: 2).map(\.customer) == [Array("c".utf8)])
        #expect(inbox.isEmpty)
        #expect(answers.all.isEmpty)
    }

    @Test func `when too many wait, who comes next is told so at once`() {
        let (inbox, answers) = (LaneInbox(), Answers())
        for number in 0..<300 { inbox.ask(answers.question("\(number)")) }
        #expect(answers.all == (256..<300).map { "\($0) busy" })
        #expect(inbox.take(limit: .max).count == 256)
    }

    @Test func `a lane that is gone leaves nobody without an answer`() {
        let (inbox, answers) = (LaneInbox(), Answers())
        inbox.ask(answers.question("a"))
        inbox.close()
        inbox.ask(answers.question("b"))
        #expect(answers.all == ["a unavailable", "b unavailable"])
        #expect(inbox.isEmpty)
    }
}
