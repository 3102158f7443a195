internal import CRdKafka

/// What librdkafka's callbacks of every client share: where events go.
///
/// Only `sink` is touched from librdkafka's own threads (the log); everything else, in subclasses too,
/// changes inside poll, flush and close, on the one thread that calls them.
class KafkaClientContext {
    let sink: KafkaEventSink
    var isClosing = false
    private var presence = BrokerPresence()

    init(sink: @escaping KafkaEventSink) { self.sink = sink }

    /// Registers the callbacks; a subclass adds its own.
    func install(in configuration: OpaquePointer) {
        unsafe rd_kafka_conf_set_log_cb(configuration) { client, severity, facility, line in
            guard let client = unsafe client,
                let context = unsafe KafkaClientContext.of(rd_kafka_opaque(client))
            else { return }
            let line = unsafe KafkaLogLine(
                severity: severity, facility: text(facility) ?? "", text: text(line) ?? "")
            context.sink(.log(line))
        }
        unsafe rd_kafka_conf_set_error_cb(configuration) { client, code, reason, opaque in
            guard let client = unsafe client, let context = unsafe KafkaClientContext.of(opaque) else {
                return
            }
            unsafe context.absorbError(
                rd_kafka_resp_err_t(rawValue: code), reason: text(reason), client: client)
        }
        unsafe rd_kafka_conf_set_stats_cb(configuration) { _, json, count, opaque in
            guard let json = unsafe json, let context = unsafe KafkaClientContext.of(opaque) else { return 0 }
            // Safe: librdkafka lends `count` bytes for the length of this call and frees them after it.
            let bytes = unsafe UnsafeRawBufferPointer(start: json, count: count)
            context.absorbStatistics(unsafe String(decoding: bytes, as: UTF8.self))
            return 0
        }
    }

    /// Safe: the opaque pointer is the context of the class whose `install` registered the callback that
    /// asks, and it outlives its client's handle.
    static func of(_ opaque: UnsafeMutableRawPointer?) -> Self? {
        unsafe opaque.map { unsafe Unmanaged<Self>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Something came over a connection, so a broker is there.
    final func sawAnswer() {
        if presence.sawAnswer() == .back { sink(.brokersBack) }
    }

    private func absorbError(_ code: rd_kafka_resp_err_t, reason: String?, client: OpaquePointer) {
        if code == RD_KAFKA_RESP_ERR__FATAL {
            sink(.fatal(unsafe KafkaError.of(code, handle: client, place: "Kafka client")))
            return
        }
        let error = KafkaError(code, place: "Kafka client", what: reason)
        if code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN {
            if presence.sawAllDown() == .away { sink(.brokersAway(error)) }
        } else if !(presence.isAway && error.isBrokerAway) {
            sink(.trouble(error))
        }
    }

    private func absorbStatistics(_ json: String) {
        // The state of a broker connection that has passed the handshake; nothing else in the
        // statistics is written in capitals like this.
        if presence.isAway {
            let isUp = json.contains("\"state\":\"UP\"")
            if presence.sawStatistics(isUp: isUp) == .back { sink(.brokersBack) }
        }
        sink(.statistics(json: json))
    }
}
