internal import Glibc

/// The system's words for an `errno`.
package enum SystemErrorText {
    private static let bytesMax = 256

    package static func of(_ code: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytesMax) { buffer -> String in
            guard let start = buffer.baseAddress, unsafe strerror_r(code, start, bytesMax) == 0 else {
                return "error \(code)"
            }
            return unsafe String(cString: start)
        }
    }
}
