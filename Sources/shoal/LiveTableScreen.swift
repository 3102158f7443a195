internal import Foundation

/// Draws the live table over itself in a terminal's scrolling screen, so that its last state stays readable.
struct LiveTableScreen {
    private static let hideCursor = "\u{1b}[?25l"
    private static let showCursor = "\u{1b}[?25h"
    /// While wrapping is off, a character of misjudged width cannot push a line onto two.
    private static let wrapOff = "\u{1b}[?7l"
    private static let wrapOn = "\u{1b}[?7h"
    /// Terminals that know it show the redraw at once; others ignore it.
    private static let beginUpdate = "\u{1b}[?2026h"
    private static let endUpdate = "\u{1b}[?2026l"
    private static let eraseLineEnd = "\u{1b}[K"
    private static let eraseBelow = "\u{1b}[J"
    private static let clear = "\u{1b}[2J\u{1b}[H"
    private static let sizeDefault = (width: 80, height: 24)

    private let descriptor: Int32
    private let isColoured: Bool
    private var drawnLines = 0
    private var drawnSize = (width: 0, height: 0)

    /// A screen on the first of these that is a terminal; `nil` if none is, or if it cannot move its cursor.
    init?(descriptors: [Int32], environment: [String: String]) {
        guard let descriptor = descriptors.first(where: { isatty($0) == 1 }),
            environment["TERM"].map({ $0 != "dumb" && !$0.isEmpty }) ?? false
        else { return nil }
        self.descriptor = descriptor
        isColoured = (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Draws the table anew where it was, or on a cleared screen if the terminal's size has changed.
    mutating func draw(_ content: LiveTableContent) {
        let size = size
        let lines = LiveTable(width: size.width, height: size.height, isColoured: isColoured).lines(content)
        // Hidden once: whoever restores the terminal early keeps its cursor through the last draws.
        var text = Self.beginUpdate + (drawnLines == 0 ? Self.hideCursor : "") + Self.wrapOff
        if drawnSize != (0, 0), size != drawnSize {
            text += Self.clear
        } else if drawnLines > 0 {
            text += "\r\u{1b}[\(drawnLines)A"
        }
        for line in lines { text += line + Self.eraseLineEnd + "\n" }
        text += "\r" + Self.eraseBelow + Self.wrapOn + Self.endUpdate
        write(text)
        drawnLines = lines.count
        drawnSize = size
    }

    /// Gives the terminal back as it was, below the table; it may be drawn to all the same.
    func restore() { write(Self.wrapOn + Self.showCursor) }

    /// Gives the terminal back, with a line free after the table.
    func finish() { write(Self.wrapOn + Self.showCursor + "\n") }

    private var size: (width: Int, height: Int) {
        var window = winsize()
        // Safe: the system fills in the structure it is given.
        let outcome = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &window)
        guard outcome == 0, window.ws_col > 0, window.ws_row > 0 else { return Self.sizeDefault }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    private func write(_ text: String) {
        // A terminal that has gone cannot be told so.
        try? FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(text.utf8))
    }
}
