/// Holds a value that has one owner, for a closure to keep.
final class Owned<Value: ~Copyable> {
    var value: Value

    init(_ value: consuming Value) { self.value = value }
}
