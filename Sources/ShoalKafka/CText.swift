internal import CRdKafka

/// Copies a C string that librdkafka owns; `nil` stays `nil`.
func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    // Safe: librdkafka's strings are NUL-terminated and outlive the call that is given them.
    unsafe pointer.map { unsafe String(cString: $0) }
}

/// Lends a buffer for librdkafka's reason to `body`, and returns its result with what was written.
func withErrorText<Result>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Result) -> (Result, String) {
    let capacity = 512  // The size that librdkafka's own examples use for `errstr`.
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
        unsafe buffer.initialize(repeating: 0)
        guard let base = buffer.baseAddress else { preconditionFailure("a buffer has an address") }
        // Safe: librdkafka writes at most `capacity` bytes and ends them with NUL.
        let result = unsafe body(base, capacity)
        return (result, unsafe String(cString: base))
    }
}
