/// A value behind a pointer, for an object of one thread that changes it with every record.
///
/// Each use of an object's stored property would be checked for overlap with another. This is not: no access
/// may outlast the statement that it is in.
@safe struct Owned<Value: ~Copyable>: ~Copyable {
    // Owned by this value alone and freed in `deinit`.
    private let storage: UnsafeMutablePointer<Value>

    init(_ value: consuming Value) {
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: value)
    }

    deinit {
        unsafe storage.deinitialize(count: 1)
        unsafe storage.deallocate()
    }

    var value: Value {
        @inline(__always) _read { yield unsafe storage.pointee }
        @inline(__always) nonmutating _modify { yield unsafe &storage.pointee }
    }

    /// The value, for who does not outlive this one.
    var lent: Lent<Value> { unsafe Lent(storage: storage) }
}

/// Somebody else's value, used without counting a reference to them.
@safe struct Lent<Value: ~Copyable> {
    // Whoever lent it lives for longer, which is for the borrower to see to.
    fileprivate let storage: UnsafeMutablePointer<Value>

    var value: Value {
        @inline(__always) _read { yield unsafe storage.pointee }
        @inline(__always) nonmutating _modify { yield unsafe &storage.pointee }
    }
}
