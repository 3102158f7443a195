/// Why the service does not listen.
package struct HTTPServiceError: Error, CustomStringConvertible {
    let address: String
    let reason: String

    package var description: String {
        "http.listen: cannot listen on \(address): \(reason); give another address, or none"
    }
}
