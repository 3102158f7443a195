internal import ShoalCore

/// The decoder that all topics of one source share on one lane's thread.
final class SourceDecoder {
    var decoder: EventDecoder

    init(_ decoder: consuming EventDecoder) { self.decoder = decoder }
}
