internal import ShoalCore

/// The decoder that all topics of one source share on the router's thread.
final class SourceDecoder {
    private let owned: Owned<EventDecoder>

    init(_ decoder: consuming EventDecoder) { owned = Owned(decoder) }

    var decoder: EventDecoder {
        @inline(__always) _read { yield owned.value }
        @inline(__always) _modify { yield &owned.value }
    }
}
