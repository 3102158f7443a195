import Foundation
import ShoalCore
import Testing

@Suite struct AlertLifeTests {
    private func finding(
        _ key: String = "spend", _ severity: DriftFinding.Severity = .warning,
        monitor: DriftFinding.Monitor = .feature, isContinuation: Bool = false
    ) -> DriftFinding {
        DriftFinding(
            monitor: monitor, key: key, subject: key.isEmpty ? monitor.rawValue : key, direction: .up,
            size: 0.5, statistic: .adaptiveWindowMean, threshold: 0.25, reference: 1, current: 2,
            severity: severity, isContinuation: isContinuation)
    }

    private func moment(_ vectors: Int) -> AlertLife.Moment {
        AlertLife.Moment(
            vectors: vectors, streamTimeMilliseconds: 1_767_225_600_000 + Int64(vectors) * 1_000,
            modelVersion: vectors, modelGeneration: 2)
    }

    private func states(_ alerts: [DriftAlert]) -> [DriftAlert.State] { alerts.map(\.state) }

    @Test func `it is raised once, says nothing while it goes on, and is resolved once`() throws {
        var life = AlertLife()
        let raised = life.absorb([finding()], at: moment(1_000))
        #expect(states(raised) == [.raised])
        let id = try #require(raised.first).id
        #expect(id == "feature:spend#1767226600000")
        #expect(life.absorb([finding()], at: moment(2_000)).isEmpty)
        #expect(states(life.active) == [.ongoing])
        #expect(life.absorb([], at: moment(4_000)).isEmpty, "2,048 vectors of quiet are not over")
        let resolved = life.absorb([], at: moment(4_048))
        #expect(states(resolved) == [.resolved])
        #expect(resolved.first?.id == id)
        #expect(resolved.first?.sinceMilliseconds == raised.first?.sinceMilliseconds)
        #expect(resolved.first?.modelVersion == 4_048)
        #expect(life.absorb([], at: moment(9_000)).isEmpty)
        #expect(life.active.isEmpty)
    }

    @Test func `quiet and cooldown need both vectors and stream time`() {
        var life = AlertLife()
        func at(_ vectors: Int, minutes: Int64) -> AlertLife.Moment {
            AlertLife.Moment(
                vectors: vectors, streamTimeMilliseconds: minutes * 60_000, modelVersion: 1,
                modelGeneration: 1)
        }
        #expect(states(life.absorb([finding()], at: at(0, minutes: 0))) == [.raised])
        #expect(life.absorb([], at: at(1_000_000, minutes: 14)).isEmpty)
        #expect(states(life.absorb([], at: at(1_000_000, minutes: 15))) == [.resolved])
    }

    @Test func `what comes within the cooldown takes the same alert up again`() throws {
        var life = AlertLife()
        let id = try #require(life.absorb([finding()], at: moment(0)).first).id
        #expect(states(life.absorb([], at: moment(3_000))) == [.resolved])
        let again = life.absorb([finding()], at: moment(3_500))
        #expect(states(again) == [.ongoing])
        #expect(again.first?.id == id)
        #expect(states(life.absorb([], at: moment(6_000))) == [.resolved])
        let new = life.absorb([finding()], at: moment(7_100))
        #expect(states(new) == [.raised])
        #expect(new.first?.id != id)
    }

    @Test func `only what is worse is written while it goes on`() {
        var life = AlertLife()
        #expect(life.absorb([finding("a", .info)], at: moment(0)).map(\.severity) == [.info])
        let worse = life.absorb([finding("a", .critical)], at: moment(100))
        #expect(worse.map(\.severity) == [.critical])
        #expect(states(worse) == [.ongoing])
        #expect(life.absorb([finding("a", .warning)], at: moment(200)).isEmpty)
        #expect(life.active.map(\.severity) == [.critical])
    }

    @Test func `a continuation keeps an alert alive and never starts one`() {
        var life = AlertLife()
        let continuation = finding(isContinuation: true)
        #expect(life.absorb([continuation], at: moment(0)).isEmpty)
        #expect(states(life.absorb([finding()], at: moment(100))) == [.raised])
        for vectors in stride(from: 1_100, through: 9_100, by: 1_000) {
            #expect(life.absorb([continuation], at: moment(vectors)).isEmpty)
        }
        #expect(states(life.absorb([], at: moment(11_148))) == [.resolved])
        #expect(life.absorb([continuation], at: moment(11_200)).isEmpty)
        #expect(life.active.isEmpty)
    }

    @Test func `the fit is critical together with three features`() {
        var life = AlertLife()
        _ = life.absorb([finding("a"), finding("b")], at: moment(0))
        let fit = life.absorb([finding("", monitor: .fit)], at: moment(100))
        #expect(fit.map(\.severity) == [.warning])
        let third = life.absorb([finding("c")], at: moment(200))
        #expect(third.map(\.id.first) == ["f", "f"])
        #expect(third.map(\.severity) == [.warning, .critical])
        #expect(states(third) == [.raised, .ongoing])
        #expect(life.absorb([finding("d")], at: moment(300)).count == 1, "critical is written once")
        var atOnce = AlertLife()
        let all = ["a", "b", "c"].map { finding($0) } + [finding("", monitor: .fit)]
        let raised = atOnce.absorb(all, at: moment(0))
        #expect(states(raised) == [.raised, .raised, .raised, .raised])
        #expect(
            raised.map(\.severity) == [.warning, .warning, .warning, .critical].reversed().sorted { $0 < $1 })
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `whatever is found, an alert is raised first, resolved last and written with growing severity`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var life = AlertLife()
        var histories: [String: [DriftAlert]] = [:]
        for step in 0..<20_000 {
            var findings: [DriftFinding] = []
            if generator.nextUnit() < 0.02 {
                let key = ["a", "b", "c", "d"][generator.nextIndex(below: 4)]
                let severity = DriftFinding.Severity.allCases[generator.nextIndex(below: 3)]
                findings.append(finding(key, severity, isContinuation: generator.nextUnit() < 0.3))
            }
            if step.isMultiple(of: 50) {
                life = try JSONDecoder().decode(AlertLife.self, from: JSONEncoder().encode(life))
            }
            for alert in life.absorb(findings, at: moment(step * 64)) {
                histories[alert.id, default: []].append(alert)
            }
        }
        #expect(histories.count > 100, "seed \(seed)")
        for (id, alerts) in histories {
            #expect(alerts.first?.state == .raised, "seed \(seed), \(id)")
            #expect(alerts.count { $0.state == .raised } == 1, "seed \(seed), \(id)")
            for (one, next) in zip(alerts, alerts.dropFirst()) {
                #expect(one.severity <= next.severity, "seed \(seed), \(id)")
                let isNews = next.severity > one.severity || next.state == .resolved || one.state == .resolved
                #expect(isNews, "seed \(seed), \(id): nothing is repeated")
                #expect(!(one.state == .resolved && next.state == .resolved), "seed \(seed), \(id)")
            }
        }
    }

    @Test func `an alert is written as its schema has it`() throws {
        var life = AlertLife()
        var odd = finding("sp\"end")
        odd.reference = 1.234567
        let alert = try #require(life.absorb([odd], at: moment(1_000)).first)
        let json = String(decoding: OutputBuffer.json(alert), as: UTF8.self)
        #expect(
            json == """
                {"schema":"shoal.drift-alert/1","alert_id":"feature:sp\\"end#1767226600000","state":"raised",\
                "severity":"warning","monitor":"feature","subject":"sp\\"end","direction":"up","size":0.5,\
                "statistic":"adwin_mean","threshold":0.25,"reference":1.2346,"current":2,\
                "since":"2026-01-01T00:16:40.000Z","at":"2026-01-01T00:16:40.000Z",\
                "model":{"version":1000,"generation":2},"advice":"What comes in for sp\\"end has gone up from 1.23 \
                to 2: if prices, offers, a campaign or tracking were changed, this is their effect; if not, \
                check the source that feeds it."}
                """)
        for monitor in DriftFinding.Monitor.allCases {
            var other = alert
            other.monitor = monitor
            let object = try JSONSerialization.jsonObject(with: Data(OutputBuffer.json(other)))
            let fields = try #require(object as? [String: Any])
            #expect((fields["advice"] as? String)?.isEmpty == false)
            #expect(fields.count == 16)
        }
    }
}
