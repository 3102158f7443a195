extension OutputBuffer {
    /// Writes an alert as the schema `shoal.drift-alert/1` has it.
    ///
    /// - Returns: Where it was written.
    package mutating func append(alert: DriftAlert) -> Range<Int> {
        let start = bytes
        append("{\"schema\":\"shoal.drift-alert/1\",\"alert_id\":\"")
        append(Self.escaped(alert.id))
        append("\",\"state\":\"")
        append(Array(alert.state.rawValue.utf8))
        append("\",\"severity\":\"")
        append(Array("\(alert.severity)".utf8))
        append("\",\"monitor\":\"")
        append(Array(alert.monitor.rawValue.utf8))
        append("\",\"subject\":\"")
        append(Self.escaped(alert.subject))
        if let other = alert.other {
            append("\",\"other\":\"")
            append(Self.escaped(other))
        }
        append("\",\"direction\":\"")
        append(Array(alert.direction.rawValue.utf8))
        append("\",\"size\":")
        append(rounded: alert.size)
        append(",\"statistic\":\"")
        append(Array(alert.statistic.rawValue.utf8))
        append("\",\"threshold\":")
        append(rounded: alert.threshold)
        append(",\"reference\":")
        append(rounded: alert.reference)
        append(",\"current\":")
        append(rounded: alert.current)
        append(",\"since\":\"")
        append(time: alert.sinceMilliseconds)
        append("\",\"at\":\"")
        append(time: alert.atMilliseconds)
        append("\",\"model\":{\"version\":")
        append(integer: Int64(alert.modelVersion))
        append(",\"generation\":")
        append(integer: Int64(alert.modelGeneration))
        append("},\"advice\":\"")
        append(Self.escaped(alert.advice))
        append("\"")
        if let distribution = alert.distribution {
            append(",\"distribution\":{\"edges\":")
            append(array: distribution.edges)
            append(",\"reference\":")
            append(array: distribution.reference)
            append(",\"current\":")
            append(array: distribution.current)
            append("}")
        }
        append("}")
        return start..<bytes
    }

    private mutating func append(array values: [Double]) {
        append("[")
        for (index, value) in values.enumerated() {
            if index > 0 { append(",") }
            append(rounded: value)
        }
        append("]")
    }

    /// The alert alone, as JSON.
    package static func json(_ alert: DriftAlert) -> [UInt8] {
        var buffer = OutputBuffer(capacity: 1_024)
        let range = buffer.append(alert: alert)
        return buffer.copied(range)
    }
}
