internal import Foundation
internal import ShoalCore

/// Models and what is said of them, as a person reads it.
enum ModelText {
    /// JSON with sorted keys in the style of Shoal's other outputs.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// `model version 412, generation 3, plan 00c1…, 6 segments, trained up to 2026-01-05T12:00:00.000Z`.
    static func heading(_ stamp: ModelDifference.Stamp) -> String {
        "model version \(stamp.version), generation \(stamp.generation), plan \(stamp.plan), "
            + "\(stamp.segments) segments, trained up to "
            + OutputBuffer.timeText(stamp.trainedAtMilliseconds)
    }

    // MARK: Personas

    static func personas(of model: SegmentModel) -> String {
        var lines = [heading(ModelDifference.Stamp(model))]
        for persona in Persona.personas(of: model) { lines += ["", text(of: persona)] }
        if model.definitions.isEmpty {
            lines += ["", "The file tells no definitions: features are shown after their transforms."]
        }
        if !model.settings.isEmpty {
            let settings = model.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines += ["", "settings: " + settings.joined(separator: ", ")]
        }
        return lines.joined(separator: "\n")
    }

    private static func text(of persona: Persona) -> String {
        var lines = [
            "\(persona.id)  \(persona.name)\(persona.isRenamed ? " (named by hand)" : "")",
            "    \(percent(persona.share)) of recent activity, weight \(number(persona.size))",
        ]
        if persona.distinctive.isEmpty {
            lines.append("    nothing sets it apart: close to the average in every feature")
        } else {
            lines.append("    set apart by")
            lines += persona.distinctive.map(row)
        }
        let others = persona.typical.filter { trait in
            !persona.distinctive.contains { $0.feature == trait.feature }
        }
        if !others.isEmpty {
            let words = others.map { trait in
                "\(trait.feature) \(value(trait.typical, trait.unit)) "
                    + "(\(value(trait.population, trait.unit)))"
            }
            lines.append("    otherwise: " + words.joined(separator: ", "))
        }
        let preferences = [
            persona.channel.map { "channel: \(text(of: $0))" },
            persona.category.map { "category: \(text(of: $0))" },
            persona.orderValue.map { trait in
                "order value: \(number(trait.typical)) (\(number(trait.population)))"
            },
        ].compactMap { $0 }
        if !preferences.isEmpty { lines.append("    " + preferences.joined(separator: "; ")) }
        if let example = persona.example {
            let reasons = example.reasons.map { reason in
                "\(reason.feature) \(value(reason.value, reason.unit)) "
                    + "(was \(value(reason.wasTypical, reason.unit)); \(percent(reason.contribution)))"
            }
            lines.append("    who comes from \(example.from), comes for " + reasons.joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ trait: Persona.Trait) -> String {
        let numbers = "\(value(trait.typical, trait.unit)) (\(value(trait.population, trait.unit)))"
        let word = trait.word.map { "  \($0)" } ?? ""
        return "      " + padded(trait.feature, to: 18) + padded(numbers, to: 26)
            + padded(direction(trait.effect), to: 15) + signed(trait.effect) + " σ" + word
    }

    private static func text(of preference: Persona.Preference) -> String {
        let values = preference.values.joined(separator: preference.isRest ? ", " : " or ")
        return "\(preference.isRest ? "other than \(values)" : values) \(percent(preference.share)) "
            + "(\(percent(preference.population)))"
    }

    /// An effect in words, with Cohen's conventions for small, medium and large ones.
    static func direction(_ effect: Double) -> String {
        let side = effect > 0 ? "above" : "below"
        switch abs(effect) {
        case SegmentNaming.thirdEffectMin...: return "far \(side)"
        case SegmentNaming.effectMin...: return side
        case SegmentNaming.tellingEffectMin...: return "slightly \(side)"
        default: return "average"
        }
    }

    // MARK: Differences

    /// A spread that changes by less is not worth a line; `--json` tells every one.
    private static let scaleChangeMin = 0.1

    static func difference(_ difference: ModelDifference) -> String {
        var lines = [
            "from  " + heading(difference.from), "to    " + heading(difference.to),
            difference.hasSamePlan
                ? "same feature plan"
                : "other feature plan" + list(" without ", difference.featuresGone)
                    + list(" with ", difference.featuresAdded),
        ]
        if difference.isEmpty { lines.append("no difference") }
        lines += difference.born.map { "born     \($0.id) \($0.name), share \(percent($0.share))" }
        lines += difference.retired.map { "retired  \($0.id) \($0.name), share \(percent($0.share))" }
        for movement in difference.renamed {
            lines.append("renamed  \(movement.id) '\(movement.formerName ?? "")' to '\(movement.name)'")
        }
        for movement in difference.kept
        where movement.distance > 0 || movement.share != movement.formerShare {
            let shifts = movement.features.map { "\($0.feature) \(signed($0.shift)) σ" }
            lines.append(
                "moved    \(movement.id) \(movement.name): by \(number(movement.distance)) σ"
                    + list(" (", shifts, end: ")")
                    + ", share \(percent(movement.formerShare)) to \(percent(movement.share))")
        }
        for shift in difference.means where abs(shift.shift) >= SegmentNaming.tellingEffectMin {
            lines.append(
                "mean     \(shift.feature) \(number(shift.from)) to \(number(shift.to)), "
                    + "\(signed(shift.shift)) σ")
        }
        for scale in difference.scales
        where abs(scale.to - scale.from) >= scaleChangeMin * max(scale.from, scale.to) {
            lines.append("scale    \(scale.feature) \(number(scale.from)) to \(number(scale.to))")
        }
        for setting in difference.settings {
            lines.append(
                "setting  \(setting.name) \(setting.from ?? "unknown") to \(setting.to ?? "unknown")")
        }
        return lines.joined(separator: "\n")
    }

    private static func list(_ start: String, _ words: [String], end: String = "") -> String {
        words.isEmpty ? "" : start + words.joined(separator: ", ") + end
    }

    // MARK: Numbers

    /// A value in its unit: `62 %`, `3.2 days`, `1.4 times`.
    static func value(_ value: Double, _ unit: Persona.Unit) -> String {
        switch unit {
        case .number, .perOne, .transformed: return number(value)
        case .share: return percent(value)
        case .hours: return value >= 48 ? "\(number(value / 24)) days" : "\(number(value)) h"
        case .doublings: return "\(number(exp2(value))) times"
        }
    }

    static func percent(_ share: Double) -> String { "\(number(share * 100)) %" }

    private static func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + number(abs(value)) }

    /// Three significant digits, as far as they mean something: `0.012`, `3.2`, `85.1`, `1,234`.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        if abs(value) >= 100 { return TextFormat.count(Int(value.rounded())) }
        let digits = abs(value) >= 10 || value == 0 ? 1 : abs(value) >= 1 ? 2 : 3
        let text = String(format: "%.\(digits)f", value)
        let trimmed = text.hasSuffix("0") ? String(text.reversed().drop { $0 == "0" }.reversed()) : text
        let bare = trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed
        return bare == "-0" ? "0" : bare
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
