internal import NIOCore
internal import NIOHTTP1

/// The client's end of the connection.
final class EventStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let reader: EventStreamReader

    init(reader: EventStreamReader) { self.reader = reader }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(reader.request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): reader.begin(head)
        case .body(let buffer):
            if !reader.absorb(Array(buffer.readableBytesView)) { context.close(promise: nil) }
        case .end:
            reader.end()
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reader.fail("the connection broke: \(error)", isTemporary: true)
        context.close(promise: nil)
    }
}
