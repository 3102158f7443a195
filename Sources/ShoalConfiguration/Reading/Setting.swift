internal import ShoalCore

/// One setting being read: what was written, its full name, and where faults go.
struct Setting {
    let node: SettingNode
    /// The full name, as `features[2].half_life`.
    let key: String
    /// The same with `[]` for every index.
    let pattern: String
    let log: FaultLog

    var origin: SettingOrigin { node.origin }

    func fault(_ problem: String, _ remedy: String) {
        log.record(origin, key: key, problem, remedy)
    }

    /// Whether this word stands there, as `none` or `auto`, with quotes or without: JSON has them always.
    func isWord(_ word: String) -> Bool {
        guard case .scalar(word, _) = node.content else { return false }
        return true
    }

    /// The text of a single value; anything else is a fault.
    ///
    /// `example`, here and below, is what to write instead, as it would stand in the file.
    func text(example: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            fault("\(node.kindWords) where a single value is expected", "write \(example)")
            return nil
        }
        return text
    }

    /// Text that is not empty.
    func name(example: String) -> String? {
        guard let text = text(example: example) else { return nil }
        guard !text.allSatisfy(\.isWhitespace) else {
            fault("is empty", "write \(example)")
            return nil
        }
        return text
    }

    /// A whole number within bounds.
    func integer(in bounds: ClosedRange<Int>, example: String) -> Int? {
        guard let text = text(example: example) else { return nil }
        guard PlainNumber.isInteger(text), let value = Int(text) else {
            fault("`\(text)` is not a whole number", "write \(example)")
            return nil
        }
        guard bounds.contains(value) else {
            fault(
                "\(value) is out of range", "write a number from \(bounds.lowerBound) to \(bounds.upperBound)"
            )
            return nil
        }
        return value
    }

    /// A finite number within bounds.
    func number(in bounds: ClosedRange<Double>, example: String) -> Double? {
        guard let text = text(example: example) else { return nil }
        guard PlainNumber.isNumber(text), let value = Double(text), value.isFinite else {
            fault("`\(text)` is not a finite number", "write \(example)")
            return nil
        }
        guard bounds.contains(value) else {
            fault("\(text) is out of range", "write a number \(Self.words(bounds)), as \(example)")
            return nil
        }
        return value
    }

    private static func words(_ bounds: ClosedRange<Double>) -> String {
        "from \(NumberText.short(bounds.lowerBound)) to \(NumberText.short(bounds.upperBound))"
    }

    /// `true` or `false`.
    func truth() -> Bool? {
        guard let text = text(example: "true or false") else { return nil }
        guard let value = PlainNumber.truth(text) else {
            fault("`\(text)` is neither true nor false", "write true or false")
            return nil
        }
        return value
    }

    /// A share as `0.01` or `1%`.
    func share(in bounds: ClosedRange<Double>, example: String) -> Double? {
        guard case .scalar(let text, _) = node.content, text.hasSuffix("%") else {
            return number(in: bounds, example: example)
        }
        let number = String(text.dropLast())
        guard PlainNumber.isNumber(number), let percent = Double(number), bounds.contains(percent / 100)
        else {
            let ends = [bounds.lowerBound, bounds.upperBound].map { NumberText.short($0 * 100) }
            fault("\(text) is out of range", "write a share from \(ends[0]) to \(ends[1])%, as \(example)")
            return nil
        }
        return percent / 100
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        guard let text = text(example: words.joined(separator: ", ")) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let nearest = NearestName.find(text, among: words)
        let all = words.joined(separator: ", ")
        fault("unknown word `\(text)`", nearest.map { "write \($0) (of \(all))" } ?? "write one of \(all)")
        return nil
    }

    /// A duration in milliseconds, with its unit; bounds that hold 0 also allow a bare `0`.
    func duration(in bounds: ClosedRange<Int64>, example: String) -> Int64? {
        quantity(in: bounds, units: Quantity.durations, example: example, text: Quantity.durationText)
    }

    /// A size in bytes, with its unit.
    func size(in bounds: ClosedRange<Int>, example: String) -> Int? {
        let bounds = Int64(bounds.lowerBound)...Int64(bounds.upperBound)
        return quantity(in: bounds, units: Quantity.sizes, example: example) { Quantity.sizeText(Int($0)) }
            .map(Int.init)
    }

    private func quantity(
        in bounds: ClosedRange<Int64>, units: [Quantity.Unit], example: String, text format: (Int64) -> String
    ) -> Int64? {
        guard let text = text(example: example) else { return nil }
        let unitNames = units.map(\.name).joined(separator: " ")
        let value: Int64
        do throws(Quantity.Fault) {
            value = try Quantity.parse(text, units: units)
        } catch {
            switch error {
            case .missingUnit where bounds.contains(0) && Double(text) == 0: return 0
            case .missingUnit:
                fault("`\(text)` has no unit", "write a number with one of \(unitNames), as \(example)")
            case .unknownUnit(let unit):
                fault("unknown unit `\(unit)`", "write one of \(unitNames), as \(example)")
            case .notANumber:
                fault("`\(text)` is not a number with a unit", "write \(example)")
            case .tooLarge: fault("\(text) is too large", "write at most \(format(bounds.upperBound))")
            case .notWhole: fault("\(text) is not a whole number of \(units[0].name)", "write \(example)")
            }
            return nil
        }
        guard value >= bounds.lowerBound else {
            let what = value < 0 ? "is negative" : value == 0 ? "is zero" : "is too small"
            fault("\(text) \(what)", "write at least \(format(bounds.lowerBound)), as \(example)")
            return nil
        }
        guard value <= bounds.upperBound else {
            fault("\(text) is too large", "write at most \(format(bounds.upperBound)), as \(example)")
            return nil
        }
        return value
    }

    /// The elements of a list.
    func list(example: String) -> [Setting]? {
        guard case .list(let nodes) = node.content else {
            fault("\(node.kindWords) where a list is expected", "write \(example)")
            return nil
        }
        return nodes.enumerated().map { index, node in
            Setting(node: node, key: "\(key)[\(index)]", pattern: "\(pattern)[]", log: log)
        }
    }

    /// The elements of a list, or a single value as a list of one.
    func oneOrMore(example: String) -> [Setting]? {
        if case .scalar = node.content, !node.isNull { return [self] }
        guard let settings = list(example: example) else { return nil }
        if settings.isEmpty {
            fault("an empty list", "write \(example)")
            return nil
        }
        return settings
    }

    /// One name or a list of them.
    func names(example: String) -> [String]? {
        guard let settings = oneOrMore(example: example) else { return nil }
        let names = settings.compactMap { $0.name(example: example) }
        return names.count == settings.count ? names : nil
    }

    /// The map that was written; anything else is a fault.
    func map(example: String) -> MapReader? {
        guard case .map(let entries) = node.content else {
            fault("\(node.kindWords) where a map is expected", "write \(example)")
            return nil
        }
        return MapReader(entries: entries, origin: origin, key: key, pattern: pattern, log: log)
    }

    /// A constant that fields of events are compared with or set to: quoted is text, plain may be a number.
    func constant() -> FieldConstant? {
        guard case .scalar(let text, let isPlain) = node.content, !node.isNull else {
            fault("\(node.kindWords) where a constant is expected", "write text, a number, true or false")
            return nil
        }
        guard isPlain else { return .text(text) }
        if let truth = PlainNumber.truth(text) { return .boolean(truth) }
        if PlainNumber.isCode(text) { return .text(text) }
        if PlainNumber.isInteger(text), let value = Int64(text) { return .integer(value) }
        if PlainNumber.isNumber(text), let value = Double(text), value.isFinite { return .real(value) }
        return .text(text)
    }
}
