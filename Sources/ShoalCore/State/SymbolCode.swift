/// The shortest of some codes for a column of symbols of which few are different.
///
/// It is written as a byte that says how: 0, 1, 2 for a `RiceCode` with that k, 3 for numbers of a fixed
/// width. Then follow how many symbols there are (1…64), as a byte, and the symbols, the most frequent
/// first; a symbol's number is its place among them. With more symbols there is only the byte 4, and what
/// the symbols stand for follows as it is.
@safe struct SymbolCode: ~Copyable {
    /// Beyond six bits too little is saved.
    static let symbolsMax = 64
    static let riceMax = 2
    static let fixed: UInt8 = 3
    static let none: UInt8 = 4
    /// More than any symbol: those of a number are the most.
    static let alphabetCount = 514
    /// Longer codes are not used, so that what follows one fits behind it.
    static let lengthMax = 24

    // These are owned by this value alone and freed in `deinit`; symbols are below `alphabetCount`.
    /// How often each symbol occurs, 0 between two uses.
    private let occurrences: UnsafeMutablePointer<UInt32>
    /// By symbol: its code, and from bit 32 how long that is.
    private let codes: UnsafeMutablePointer<UInt64>
    private let symbols: UnsafeMutablePointer<UInt16>
    private var symbolCount = 0
    private var kind = SymbolCode.none
    /// Of all codes together.
    private(set) var bitCount = 0

    init() {
        unsafe occurrences = .allocate(capacity: Self.alphabetCount)
        unsafe occurrences.initialize(repeating: 0, count: Self.alphabetCount)
        unsafe codes = .allocate(capacity: Self.alphabetCount)
        unsafe codes.initialize(repeating: 0, count: Self.alphabetCount)
        unsafe symbols = .allocate(capacity: Self.symbolsMax)
        unsafe symbols.initialize(repeating: 0, count: Self.symbolsMax)
    }

    deinit {
        unsafe occurrences.deallocate()
        unsafe codes.deallocate()
        unsafe symbols.deallocate()
    }

    /// Bits that a number below `count` takes.
    static func width(_ count: Int) -> Int { Int.bitWidth - (count - 1).leadingZeroBitCount }

    /// Decides for a column, and writes what is decided.
    ///
    /// - Parameters:
    ///   - column: its symbols.
    ///   - count: of them, at least 1.
    ///   - symbolBytes: 1 or 2.
    ///   - output: gets how the column is told.
    /// - Returns: whether the codes are to follow; if not, the column as it is.
    mutating func decide(
        _ column: UnsafePointer<UInt16>, count: Int, symbolBytes: Int, to output: inout PackedOutput
    ) -> Bool {
        let isFew = unsafe countSymbols(column, count)
        if isFew {
            sort()
            choose(count)
        }
        for number in 0..<symbolCount { unsafe occurrences[Int(symbols[number])] = 0 }
        guard isFew else {
            output.append(Self.none)
            return false
        }
        output.append(kind)
        output.append(UInt8(symbolCount))
        for number in 0..<symbolCount {
            let symbol = unsafe symbols[number]
            output.append(UInt8(truncatingIfNeeded: symbol))
            if symbolBytes == 2 { output.append(UInt8(symbol >> 8)) }
        }
        return true
    }

    private mutating func countSymbols(_ column: UnsafePointer<UInt16>, _ count: Int) -> Bool {
        symbolCount = 0
        for index in 0..<count {
            let symbol = Int(unsafe column[index])
            let before = unsafe occurrences[symbol]
            if before == 0 {
                if symbolCount == Self.symbolsMax { return false }
                unsafe symbols[symbolCount] = UInt16(truncatingIfNeeded: symbol)
                symbolCount += 1
            }
            unsafe occurrences[symbol] = before &+ 1
        }
        return true
    }

    /// The most frequent first; by insertion, as most are few.
    private func sort() {
        for end in 1..<max(1, symbolCount) {
            let symbol = unsafe symbols[end]
            var place = end
            while place > 0, unsafe occurrences[Int(symbols[place - 1])] < occurrences[Int(symbol)] {
                unsafe symbols[place] = symbols[place - 1]
                place -= 1
            }
            unsafe symbols[place] = symbol
        }
    }

    private mutating func choose(_ count: Int) {
        let width = Self.width(symbolCount)
        (kind, bitCount) = (Self.fixed, count * width)
        for k in 0...Self.riceMax where RiceCode.length(symbolCount - 1, k) <= Self.lengthMax {
            var bits = 0
            for number in 0..<symbolCount {
                bits += Int(unsafe occurrences[Int(symbols[number])]) * RiceCode.length(number, k)
            }
            if bits < bitCount { (kind, bitCount) = (UInt8(k), bits) }
        }
        for number in 0..<symbolCount {
            let symbol = Int(unsafe symbols[number])
            let isFixed = kind == Self.fixed
            let code = isFixed ? UInt64(number) : RiceCode.bits(number, Int(kind))
            let length = isFixed ? width : RiceCode.length(number, Int(kind))
            unsafe codes[symbol] = code | UInt64(length) << 32
        }
    }

    /// The code of a symbol that occurs.
    @inline(__always)
    func code(_ symbol: UInt16) -> (bits: UInt64, count: UInt64) {
        let code = unsafe codes[Int(symbol)]
        return (code & 0xffff_ffff, code &>> 32)
    }
}
