internal import Logging

/// A line of the log for a change that somebody made through the API: who, what, before and after.
struct AuditLine {
    let action: String
    let subject: String
    let before: String?
    let after: String?

    func log(_ context: ServiceContext, _ logger: Logger) {
        logger.notice(
            """
            audit: \(context.remoteAddress) \(action) \(Self.quoted(subject)): \
            \(Self.quoted(before)) -> \(Self.quoted(after))
            """)
    }

    /// Without what could forge a line of its own.
    private static func quoted(_ text: String?) -> String {
        guard let text else { return "none" }
        return text.debugDescription
    }
}
