/// Bars and trends of block elements.
package enum LiveTableBar {
    private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    private static let heights: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// A bar in eighths of a column, without blanks after it.
    ///
    /// - Parameters:
    ///   - share: 0…1 of the columns.
    ///   - columns: of a whole bar.
    /// - Returns: Nothing for 0, `columns` full blocks for 1.
    package static func text(share: Double, columns: Int) -> String {
        let units = Int((min(max(share, 0), 1) * Double(columns * 8)).rounded())
        var bar = String(repeating: "█", count: units / 8)
        if units % 8 > 0 { bar.append(eighths[units % 8 - 1]) }
        return bar
    }

    /// How values went, oldest first, each column the mean of its part of them.
    ///
    /// The lowest and the highest value span the heights, but never less than a tenth of the highest, so
    /// that noise stays in the middle.
    ///
    /// - Parameters:
    ///   - values: none negative.
    ///   - columns: at most so many are used.
    /// - Returns: One block per column.
    package static func trend(_ values: [Int], columns: Int) -> String {
        guard let least = values.min(), let most = values.max(), columns > 0 else { return "" }
        let span = max(Double(most - least), Double(most) / 10, 1)
        // Small moves lie a little below the middle, where rounding does not tear them apart.
        let floor = max(0, Double(least) - (span - Double(most - least)) * 0.4)
        let count = min(columns, values.count)
        return String(
            (0..<count).map { column in
                let part = values[(column * values.count / count)..<((column + 1) * values.count / count)]
                let mean = Double(part.reduce(0, +)) / Double(part.count)
                let level = (mean - floor) / span * Double(heights.count - 1)
                return heights[min(max(Int(level.rounded()), 0), heights.count - 1)]
            })
    }
}
