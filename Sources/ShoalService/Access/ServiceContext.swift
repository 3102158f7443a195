internal import Hummingbird
internal import NIOCore

/// What a request brings along beside itself.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that it came by.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// A write is a few words.
    var maxUploadSize: Int { ServiceError.bodyBytesMax }

    /// Who asks, for the audit: the address of the other end.
    var remoteAddress: String {
        guard let address = channel.remoteAddress else { return "unknown" }
        return address.ipAddress.map { "\($0):\(address.port ?? 0)" } ?? "\(address)"
    }
}
