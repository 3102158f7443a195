/// Text that must not be shown: a password, a key.
///
/// Printing, interpolating or dumping it shows a placeholder.
package struct SecretText: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The secret itself, for the one who presents it to the broker.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
