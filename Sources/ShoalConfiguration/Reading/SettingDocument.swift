internal import Yams

/// Reads YAML text into a tree of settings that know their lines.
struct SettingDocument {
    /// A configuration has some hundred lines; more nodes than this are a mistake or an attack by aliases.
    private static let nodesMax = 100_000
    /// The deepest setting lies six levels down; deeper than this is a mistake.
    private static let depthMax = 20
    private static let duplicatesMax = 100
    /// A private-use character that marks a key which a later key of the same name repeats.
    private static let repeatedMark: Character = "\u{E000}"

    private let origin: (Int) -> SettingOrigin
    private let log: FaultLog
    private var nodesLeft = Self.nodesMax

    /// The tree of `text`; `nil` if it is empty or cannot be parsed, in which case `log` says why.
    ///
    /// `origin` says what a line number, counted from 1, stands for.
    static func read(_ text: String, log: FaultLog, origin: @escaping (Int) -> SettingOrigin) -> SettingNode?
    {
        var document = SettingDocument(origin: origin, log: log)
        guard document.isShallow(text), let root = document.parse(text) else { return nil }
        let node = document.convert(root, path: "", depth: 0)
        if document.nodesLeft <= 0 {
            log.record(
                origin(1), key: "", "more than \(nodesMax) settings, aliases included",
                "write fewer, and no alias inside an alias")
            return nil
        }
        return node
    }

    private init(origin: @escaping (Int) -> SettingOrigin, log: FaultLog) {
        self.origin = origin
        self.log = log
    }

    /// The parser recurses once per bracket and per level of indentation, so depth is bounded beforehand.
    private func isShallow(_ text: String) -> Bool {
        var brackets = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            // `- - - a` and `? ? ? a` nest without brackets or indentation.
            var compact = 0
            for character in line {
                if "[{".contains(character) { brackets += 1 }
                if "]}".contains(character) { brackets = max(0, brackets - 1) }
                if "-?:".contains(character) { compact += 1 }
            }
            let indentation = line.prefix { $0 == " " }.count
            guard brackets <= 200, compact <= 200, indentation <= 200 else {
                log.record(
                    origin(index + 1), key: "", "nested too deeply",
                    "write at most \(Self.depthMax) levels of lists and maps")
                return false
            }
        }
        return true
    }

    /// Parses, and where a key is given twice says so and goes on without the first of the two.
    private func parse(_ original: String) -> Node? {
        var text = original
        for attempt in 0..<Self.duplicatesMax {
            do {
                return try Parser(yaml: text, encoding: .utf8).singleRoot()
            } catch let YamlError.duplicatedKeysInMapping(duplicates, context) {
                guard let key = duplicates.first,
                    let marked = Self.marking(key, at: context.mark, attempt: attempt, in: text)
                else {
                    log.record(
                        origin(max(1, context.mark.line)), key: duplicates.first ?? "",
                        "given twice in one map", "keep one of the two")
                    return nil
                }
                text = marked
            } catch {
                record(error, text: text)
                return nil
            }
        }
        log.record(
            origin(1), key: "", "more than \(Self.duplicatesMax) keys are given twice", "keep one of each")
        return nil
    }

    /// `text` with the key at `mark` renamed to one that cannot occur, its line and the rest unchanged.
    private static func marking(_ key: String, at mark: Mark, attempt: Int, in text: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(mark.line - 1) else { return nil }
        var scalars = Array(lines[mark.line - 1].unicodeScalars)
        var index = mark.column - 1
        guard scalars.indices.contains(index), !"&*!".unicodeScalars.contains(scalars[index]) else {
            return nil
        }
        if "\"'".unicodeScalars.contains(scalars[index]) { index += 1 }
        let prefix = "\(repeatedMark)\(attempt)\(repeatedMark)"
        scalars.insert(contentsOf: prefix.unicodeScalars, at: index)
        var line = String.UnicodeScalarView()
        line.append(contentsOf: scalars)
        lines[mark.line - 1] = String(line)
        return lines.joined(separator: "\n")
    }

    private func record(_ error: any Error, text: String) {
        let what: String
        let line: Int
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            what = "not YAML: \(problem)"
            line = mark.line
        case .composer(_, let problem, let mark, _):
            what = "not one YAML document: \(problem)"
            line = mark.line
        case .reader(let problem, let offset, _, _):
            what = "not YAML: \(problem)"
            line = 1 + text.prefix(offset ?? 0).count { $0.isNewline }
        default:
            what = "not YAML"
            line = 1
        }
        log.record(
            origin(max(1, line)), key: "", what,
            "write a map of settings, `name: value` on each line, indented with spaces")
    }

    private mutating func convert(_ node: Node, path: String, depth: Int) -> SettingNode {
        let place = origin(node.mark?.line ?? 1)
        nodesLeft -= 1
        guard nodesLeft > 0 else { return SettingNode(content: .list([]), origin: place) }
        guard depth <= Self.depthMax else {
            log.record(
                place, key: path, "nested too deeply",
                "write at most \(Self.depthMax) levels of lists and maps")
            return SettingNode(content: .list([]), origin: place)
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return SettingNode(content: .scalar(scalar.string, isPlain: isPlain), origin: place)
        case .sequence(let sequence):
            let elements = sequence.enumerated().map { index, element in
                convert(element, path: "\(path)[\(index)]", depth: depth + 1)
            }
            return SettingNode(content: .list(elements), origin: place)
        case .mapping(let mapping):
            return SettingNode(content: .map(entries(of: mapping, path: path, depth: depth)), origin: place)
        case .alias:
            log.record(place, key: path, "an alias without a value", "write the value itself")
            return SettingNode(content: .list([]), origin: place)
        }
    }

    private mutating func entries(
        of mapping: Node.Mapping, path: String, depth: Int
    ) -> [SettingNode.Entry] {
        var entries: [SettingNode.Entry] = []
        var repeated: [(key: String, place: SettingOrigin, line: Int)] = []
        for (keyNode, valueNode) in mapping {
            let line = keyNode.mark?.line ?? 1
            guard case .scalar(let scalar) = keyNode else {
                log.record(
                    origin(line), key: path, "a key that is a list or a map", "write a name as the key")
                continue
            }
            if scalar.string.first == Self.repeatedMark {
                let parts = scalar.string.split(separator: Self.repeatedMark, maxSplits: 1)
                repeated.append((parts.last.map(String.init) ?? "", origin(line), line))
                continue
            }
            let value = convert(valueNode, path: Self.join(path, scalar.string), depth: depth + 1)
            entries.append(SettingNode.Entry(key: scalar.string, origin: origin(line), value: value))
        }
        for earlier in repeated {
            let last = entries.first { $0.key == earlier.key }
            log.record(
                last?.origin ?? earlier.place, key: Self.join(path, earlier.key),
                "given twice in one map, first in line \(earlier.line)", "keep one of the two")
        }
        return entries
    }

    private static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
