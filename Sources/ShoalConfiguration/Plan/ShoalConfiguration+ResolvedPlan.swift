internal import ShoalCore

extension ShoalConfiguration {
    /// What the configuration means, for a person: every value in force, each feature in words, no secret.
    package var resolvedPlan: String {
        let sections = [
            ("Kafka", kafkaRows), ("Topics", topicRows), ("Sources", sourceRows),
            ("Features (\(features.count))", features.map { ($0.name, $0.words) }),
            ("Half-lives", halfLifeRows), ("Model", modelRows), ("Limits", limitRows), ("State", stateRows),
            ("HTTP", httpRows),
        ]
        return sections.map { title, rows in "\(title)\n\(Self.table(rows))" }.joined(separator: "\n\n")
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)"
        }.joined(separator: "\n")
    }

    private var kafkaRows: [(String, String)] {
        var rows = [("bootstrap", kafka.bootstrap), ("group", kafka.group)]
        let passed = kafka.properties.merging(kafka.secrets.mapValues(\.description)) { first, _ in first }
        rows += passed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        rows.append(
            ("delivery", "\(delivery.rawValue), committed every \(duration(commitIntervalMilliseconds))"))
        rows.append(("instance", "\(instance ?? "the host's name"), a \(membership.rawValue) member"))
        rows.append(("lanes", lanes.map(String.init) ?? "one per processor core"))
        return rows
    }

    private var topicRows: [(String, String)] {
        [
            ("events", topics.events), ("changes", topics.changes), ("segments", topics.segments),
            ("dead letters", topics.deadLetters), ("summaries", topics.summaries), ("model", topics.model),
            ("alerts", topics.alerts),
        ]
    }

    private var sourceRows: [(String, String)] {
        sources.flatMap { source in
            let topics =
                source.topics.isEmpty ? "files only" : "topics \(source.topics.joined(separator: ", "))"
            let route = source.isKeyed ? "" : ", keyed by customer in \(self.topics.events)"
            return [(source.name, "\(source.format.words), \(topics)\(route)")]
                + source.detailRows.map { ("", $0) }
        }
    }

    private var httpRows: [(String, String)] {
        guard let address = http.address else { return [("listen", "none")] }
        return [
            ("listen", address.text + (http.isAddressRequired ? "" : ", if it is free")),
            ("advertised as", http.advertised ?? "http://\(address.text)"),
            ("connections", "\(http.connectionsMax) at most"),
            ("changes by people", http.token == nil ? "none: no token is set" : "with the token"),
        ]
    }

    private var halfLifeRows: [(String, String)] {
        var users: [Int64: [String]] = [:]
        for feature in features {
            for halfLife in feature.halfLives { users[halfLife, default: []].append(feature.name) }
        }
        let rows = users.sorted { $0.key < $1.key }
            .map { (Quantity.durationText($0.key), $0.value.joined(separator: ", ")) }
        return rows.isEmpty ? [("none", "no feature fades")] : rows
    }

    private var modelRows: [(String, String)] {
        let count: String
        switch model.clusterCount {
        case .fixed(let fixed): count = "\(fixed)"
        case .automatic: count = "chosen from 2 to \(model.clusterCountMax)"
        }
        var rows = [
            ("segments", count),
            ("warm-up", "\(model.warmup) vectors before the first model"),
            ("half-life", duration(model.halfLife)),
            (
                "a move needs",
                "a margin of \(NumberText.short(model.margin)) on \(model.confirm) evaluation(s)"
            ),
            ("a segment needs", "\(model.minEvents) event(s)"),
            (
                "certainty", "\(NumberText.short(model.certainty)) standard errors"
            ),
            ("stays at least", duration(model.minDwell)),
            ("retired below", "\(NumberText.short(model.minShare * 100)) % of customers"),
            ("re-evaluation", "every \(duration(model.sweepInterval)) of stream time"),
            ("on drift", model.driftResponse.rawValue),
            ("seed", "\(model.seed)"),
            ("batch", "\(batch.size) vectors or \(duration(batch.interval))"),
        ]
        if let holdout {
            let salt = holdout.salt.isEmpty ? "no salt" : "salt `\(holdout.salt)`"
            rows.append(("held out", "\(NumberText.short(holdout.share * 100)) % of customers, \(salt)"))
        }
        if let sensitiveReason { rows.append(("sensitive", "allowed: \(sensitiveReason)")) }
        return rows
    }

    private var limitRows: [(String, String)] {
        let events = limits.events
        return [
            ("record", Quantity.sizeText(events.recordBytesMax)),
            ("depth", "\(events.depthMax)"),
            ("fields", "\(events.fieldsMax)"),
            ("items", "\(events.itemsMax)"),
            ("id", Quantity.sizeText(events.idBytesMax)),
            ("time ahead", events.futureMillisecondsMax.map(duration) ?? "unchecked"),
            ("customers", "\(limits.customersMax)"),
            ("idle for", duration(limits.idleExpiryMilliseconds)),
        ]
    }

    private var stateRows: [(String, String)] {
        guard let directory = state.directory else {
            return [("directory", "none: a restart replays all of the retained input")]
        }
        return [
            ("directory", directory),
            (
                "snapshots",
                "every \(duration(state.intervalMilliseconds)), the newest \(state.keptCount) of each "
                    + "partition are kept"
            ),
        ] + [state.topic].compactMap { $0.map { ("topic", "\($0): the newest of each partition too") } }
    }

    private func duration(_ milliseconds: Int64) -> String { Quantity.durationText(milliseconds) }
}
