internal import ShoalCore

/// A comparison of a candidate with the live model, as a person reads it.
enum ShadowText {
    static func text(of report: ShadowReport) -> String {
        let whom = report.basis == .customers ? "customers" : "sampled vectors"
        var lines = [
            "live       " + ModelText.heading(report.live.model),
            "candidate  " + ModelText.heading(report.candidate.model),
            "\(TextFormat.count(report.events)) events compared; \(TextFormat.count(report.compared)) of "
                + "\(TextFormat.count(report.total)) \(whom) have a segment in both",
            "agreement \(ModelText.percent(report.agreement)): "
                + "\(TextFormat.count(report.movers)) \(whom) would move",
        ]
        for row in report.matrix {
            for cell in row.cells where cell.isMove {
                lines.append(
                    "  \(TextFormat.count(cell.count)) from \(row.id ?? "none") \(row.name ?? "") to "
                        + "\(cell.id ?? "none") \(cell.name ?? "")")
            }
        }
        lines += [side("live", report.live), side("candidate", report.candidate)]
        return lines.joined(separator: "\n")
    }

    private static func side(_ name: String, _ side: ShadowReport.Side) -> String {
        let changes = side.changesPerEvent.map { "\(ModelText.number($0)) changes per event, " } ?? ""
        return "\(name): \(changes)mean squared distance \(ModelText.number(side.meanSquaredDistance)), "
            + "\(ModelText.percent(side.unexplainedShare)) of the spread unexplained"
    }
}
