internal import Foundation

/// A CSV file of numbers, as the laboratory commands read it.
///
/// A first line that is not numeric is a header; blank lines are skipped; every other line has as many finite
/// numbers as the first.
struct NumberTable {
    /// Why a file is no table of numbers, with the line to look at.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Row-major: `[rowCount × columnCount]`.
    private(set) var values: [Double] = []
    private(set) var columnCount = 0
    var rowCount: Int { columnCount > 0 ? values.count / columnCount : 0 }

    init(path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(description: "\(path): cannot be read: check that the file exists and may be read.")
        }
        try self.init(bytes: [UInt8](data), name: path)
    }

    init(bytes: [UInt8], name: String) throws {
        var isFirst = true
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            guard line.contains(where: { !Self.isPadding($0) }) else { continue }
            let before = values.count
            let failure = append(line)
            defer { isFirst = false }
            if let failure {
                values.removeSubrange(before...)
                if isFirst { continue }
                throw Failure(description: "\(name):\(index + 1): \(failure)")
            }
            let found = values.count - before
            if columnCount == 0 { columnCount = found }
            guard found == columnCount else {
                throw Failure(
                    description: "\(name):\(index + 1): \(found) columns where there were \(columnCount): "
                        + "every line needs as many.")
            }
        }
        guard columnCount > 0 else { throw Failure(description: "\(name): holds no row of numbers.") }
    }

    /// Appends the numbers of one line, or says what is wrong with it.
    private mutating func append(_ line: ArraySlice<UInt8>) -> String? {
        for field in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            var rest = field
            while let byte = rest.first, Self.isPadding(byte) { rest.removeFirst() }
            while let byte = rest.last, Self.isPadding(byte) { rest.removeLast() }
            let text = String(decoding: rest, as: UTF8.self)
            guard let value = Double(text), abs(value) <= Self.magnitudeMax else {
                return "'\(text.prefix(40))' is no finite number: write digits, with a point."
            }
            values.append(value)
        }
        return nil
    }

    /// Squares of differences of larger values are no longer finite.
    private static let magnitudeMax = 1e100

    private static func isPadding(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\"")
    }
}
