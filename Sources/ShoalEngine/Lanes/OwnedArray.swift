/// As many values as there were at first, each used without a look at the others.
///
/// As with `Owned`, no access may outlast the statement that it is in.
@safe struct OwnedArray<Value: ~Copyable>: ~Copyable {
    let count: Int
    // Owned by this value alone and freed in `deinit`; indices are checked.
    private let storage: UnsafeMutablePointer<Value>

    init(count: Int, _ value: (Int) -> Value) {
        self.count = count
        unsafe storage = .allocate(capacity: count)
        for index in 0..<count { unsafe (storage + index).initialize(to: value(index)) }
    }

    deinit {
        unsafe storage.deinitialize(count: count)
        unsafe storage.deallocate()
    }

    subscript(index: Int) -> Value {
        @inline(__always) _read {
            precondition(index >= 0 && index < count)
            yield unsafe storage[index]
        }
        @inline(__always) nonmutating _modify {
            precondition(index >= 0 && index < count)
            yield unsafe &storage[index]
        }
    }
}
