internal import ShoalCore

/// The decoder that all topics of one source share on one lane's thread.
@safe final class SourceDecoder {
    // Owned by this object alone and freed in `deinit`. Behind a pointer, because each use of a stored
    // property would be checked for overlap with another; here none outlasts the statement that it is in.
    private let storage: UnsafeMutablePointer<EventDecoder>

    init(_ decoder: consuming EventDecoder) {
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: decoder)
    }

    deinit {
        unsafe storage.deinitialize(count: 1)
        unsafe storage.deallocate()
    }

    var decoder: EventDecoder {
        @inline(__always) _read { yield unsafe storage.pointee }
        @inline(__always) _modify { yield unsafe &storage.pointee }
    }
}
