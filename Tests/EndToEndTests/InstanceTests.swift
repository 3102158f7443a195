internal import Foundation
internal import ShoalTestSupport
internal import Testing

/// Two processes of one group, as those see them who ask over HTTP.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["SHOAL_TANSU"] != nil, "SHOAL_TANSU names no broker"))
struct InstanceTests {
    private struct Answer: Decodable {
        let customer_id: String?
        let address: String?
    }

    private func start(_ shop: TansuShop, _ instance: String) throws -> ShoalProcess {
        try shop.run([
            "SHOAL_INSTANCE": instance, "SHOAL_HTTP__LISTEN": "127.0.0.1:0",
            "SHOAL_STATE__DIRECTORY": shop.folder.path("state-\(instance)"),
        ])
    }

    private func readyAddress(of daemon: ShoalProcess) async throws -> String {
        let address = try await HTTPClient.address(of: daemon)
        _ = try HTTPClient.curl(["--fail", "--retry", "90", "--retry-delay", "1", "\(address)/health/ready"])
        return address
    }

    private func ask(_ address: String, _ customer: String) throws -> (status: String, answer: Answer) {
        let text = try HTTPClient.curl([
            "--write-out", "\n%{http_code}", "\(address)/v1/customers/\(customer)",
        ])
        let lines = text.split(separator: "\n")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(lines[0].utf8))
        return (String(lines[1]), answer)
    }

    @Test func `a customer of another instance is not answered for, and found there`() async throws {
        let shop = try TansuShop()
        try await shop.fill(events: 4_000, seed: 5)
        let daemons = try [start(shop, "first"), start(shop, "second")]
        var addresses: [String] = []
        for daemon in daemons { addresses.append(try await readyAddress(of: daemon)) }
        var statuses: [String: Int] = [:]
        for number in 0..<40 {
            let customer = "c" + String(10_000_000 + number).dropFirst()
            var (status, answer) = try ask(addresses[0], customer)
            statuses[status, default: 0] += 1
            if status == "421" {
                // A broker that does not describe its groups leaves it open.
                #expect(answer.address == nil || answer.address == addresses[1])
                (status, answer) = try ask(addresses[1], customer)
            }
            #expect(status == "404" || status == "200" && answer.customer_id == customer, "\(customer)")
        }
        #expect(statuses["200", default: 0] > 5 && statuses["421", default: 0] > 5, "\(statuses)")
        for daemon in daemons { #expect(await daemon.stops() == .code(0), "\(daemon.errors)") }
    }
}
