/// One line of the table as it grows: pieces of text with their looks, measured in columns.
package struct LiveTableLine {
    /// How a piece looks on a terminal with colours.
    package enum Look: Equatable, Sendable {
        case plain, bold, dim, good, warning
        /// The colour of the segment with this number.
        case segment(Int)
    }

    /// Colours of xterm's palette of 256 that tell neighbours apart on dark and on light ground.
    private static let palette = [39, 208, 71, 170, 178, 99, 37, 203, 107, 68, 173, 133]
    private static let reset = "\u{1b}[0m"

    package let columnsMax: Int
    package private(set) var columns = 0
    private var text = ""
    private let isColoured: Bool

    package init(columnsMax: Int, isColoured: Bool) {
        self.columnsMax = columnsMax
        self.isColoured = isColoured
    }

    /// Appends a piece, clipped to what is left of the line.
    package mutating func add(_ piece: String, _ look: Look = .plain) {
        let clipped = LiveTableText.clipped(piece, to: columnsMax - columns)
        columns += LiveTableText.width(clipped)
        guard isColoured, look != .plain, !clipped.isEmpty else {
            text += clipped
            return
        }
        text += "\u{1b}[\(Self.code(look))m\(clipped)\(Self.reset)"
    }

    /// Fills with blanks up to a column, counted from 0; nothing if the line is there already.
    package mutating func fill(to column: Int) {
        add(String(repeating: " ", count: max(0, min(column, columnsMax) - columns)))
    }

    /// The line, without blanks at its end where it has no colours.
    package var rendered: String {
        guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
        return String(text[...last])
    }

    private static func code(_ look: Look) -> String {
        switch look {
        case .plain: "0"
        case .bold: "1"
        case .dim: "2"
        case .good: "32"
        case .warning: "1;33"
        case .segment(let number): "38;5;\(palette[max(0, number - 1) % palette.count])"
        }
    }
}
