internal import ShoalConfiguration
internal import ShoalCore
internal import Testing

@Suite struct ConfigurationValueTests {
    private static let day: Int64 = 86_400_000

    private func parse(_ text: String) throws -> ShoalConfiguration {
        try ShoalConfiguration.parse(text, file: "f.yaml")
    }

    @Test(arguments: ["", "# nothing\n", "{}", "model:\nlog:\n"])
    func `a file without settings is the defaults`(text: String) throws {
        #expect(try parse(text) == ShoalConfiguration())
    }

    @Test func `a byte order mark and Windows line ends are no part of the settings`() throws {
        #expect(try parse("\u{FEFF}lanes: 3\r\nlog: {level: debug}\r\n").lanes == 3)
    }

    @Test func `every kind of feature is read as it is written`() throws {
        let text = """
            features:
              - {name: purchases,   count: {type: purchase},               half_life: 30d, transform: log1p}
              - name: spend
                sum: {of: amount, type: purchase, minus: return}
                half_life: 30d
                transform: log1p
              - {name: order_value, mean:  {of: amount, type: purchase},   half_life: 90d, transform: log1p}
              - {name: cart_rate,   ratio: {of: {type: add_to_cart}, to: {type: product_view}}, half_life: 7d}
              - {name: store_share, share: {of: {channel: store}},         half_life: 30d}
              - name: food_share
                share: {of: {category: food}, among: {type: [purchase, product_view]}}
                half_life: 30d
              - {name: recency,     since: {type: purchase}, cap: 180d, transform: log1p}
              - {name: gap,         gap:   {type: purchase},               half_life: 180d, transform: log1p}
              - {name: momentum,    trend: {of: {type: product_view}, short: 2d, long: 14d}}
              - {name: variety,     distinct: {of: product_id},            transform: log1p}
              - {name: nps,         last:  {of: properties.nps}}
            """
        let purchase = filter("type", "purchase")
        let views = filter("type", "product_view")
        let both = FeatureFilter([.init(path: "type", anyOf: [.text("purchase"), .text("product_view")])])
        let expected: [(String, FeatureDefinition.Kind, FeatureDefinition.Transform)] = [
            ("purchases", .count(purchase, halfLife: 30 * Self.day), .log1p),
            ("spend", .sum(of: "amount", purchase, minus: ["return"], halfLife: 30 * Self.day), .log1p),
            ("order_value", .mean(of: "amount", purchase, halfLife: 90 * Self.day), .log1p),
            (
                "cart_rate",
                .ratio(
                    of: filter("type", "add_to_cart"), to: views, halfLife: 7 * Self.day, prior: .value(0),
                    priorWeight: 1), .none
            ),
            (
                "store_share",
                .share(
                    of: filter("channel", "store"), among: .all, halfLife: 30 * Self.day, prior: .value(0),
                    priorWeight: 1), .none
            ),
            (
                "food_share",
                .share(
                    of: filter("category", "food"), among: both, halfLife: 30 * Self.day, prior: .value(0),
                    priorWeight: 1), .none
            ),
            ("recency", .since(purchase, cap: 180 * Self.day), .log1p),
            ("gap", .gap(purchase, halfLife: 180 * Self.day), .log1p),
            ("momentum", .trend(of: views, short: 2 * Self.day, long: 14 * Self.day), .none),
            ("variety", .distinct(of: "product_id", .all), .log1p),
            ("nps", .last(of: "properties.nps", .all), .none),
        ]
        let definitions = expected.map { FeatureDefinition(name: $0.0, kind: $0.1, transform: $0.2) }
        #expect(try parse(text).features == definitions)
    }

    @Test func `priors stand beside the kind or inside it`() throws {
        let text = """
            features:
              - {name: a, share: {of: {}, prior: population, prior_weight: 4}, half_life: 1d}
              - {name: b, share: {of: {}}, prior: population, prior_weight: 4, half_life: 1d}
            """
        let features = try parse(text).features
        let kind = FeatureDefinition.Kind.share(
            of: .all, among: .all, halfLife: Self.day, prior: .population, priorWeight: 4)
        #expect(features.map(\.kind) == [kind, kind])
    }

    @Test func `clip and weight are read, a weight of zero too`() throws {
        let text = "features: [{name: a, last: {of: x}, clip: [-1.5, 2e1], weight: 0, transform: asinh}]"
        let feature = FeatureDefinition(
            name: "a", kind: .last(of: "x", .all), transform: .asinh, clip: -1.5...20, weight: 0)
        #expect(try parse(text).features == [feature])
    }

    @Test func `constants keep the type they are written with`() throws {
        let text = """
            features:
              - name: a
                count: {x: [7, "7", 7.5, true, "true", yes, 2053013552326770905, 0012, -0.0]}
                half_life: 1d
            """
        let constants: [FieldConstant] = [
            .integer(7), .text("7"), .real(7.5), .boolean(true), .text("true"), .text("yes"),
            .integer(2_053_013_552_326_770_905), .text("0012"), .real(-0.0),
        ]
        let filter = FeatureFilter([.init(path: "x", anyOf: constants)])
        #expect(try parse(text).features.map(\.kind) == [.count(filter, halfLife: Self.day)])
    }

    @Test(
        arguments: [
            ("1ms", 1), ("1.5s", 1_500), ("2m", 120_000), ("0.1d", 8_640_000), ("1 h", 3_600_000),
            ("2w", 1_209_600_000),
            ("36525d", 3_155_760_000_000),
        ] as [(String, Int64)])
    func `durations are exact`(text: String, milliseconds: Int64) throws {
        #expect(try parse("model: {half_life: \(text)}").model.halfLife == milliseconds)
    }

    @Test func `sensitive attributes are read if allowed with a reason`() throws {
        let text = """
            allow_sensitive: true
            sensitive_reason: sizes differ
            features: [{name: gender, last: {of: properties.gender}}]
            """
        let configuration = try parse(text)
        #expect(configuration.sensitiveReason == "sizes differ")
        #expect(configuration.features.map(\.name) == ["gender"])
    }

    @Test(arguments: ["average", "package", "engagement", "unionised", "sexton", "storage.page"])
    func `a name that only contains a sensitive word is not one`(name: String) throws {
        let text = "features: [{name: a, last: {of: \(name)}}]"
        #expect(try parse(text).features.map(\.kind) == [.last(of: name, .all)])
    }

    @Test func `sections are read to the last setting`() throws {
        let configuration = try parse(
            """
            kafka: {bootstrap: [a:1, "b:2"], group: g, security.protocol: SSL,
                    ssl: {ca.location: p}, acks: -1}
            delivery: at_least_once
            instance: a
            membership: static
            lanes: 4
            commit_interval: 250ms
            topics: {events: e, changes: c, segments: s, dead_letters: d, summaries: u, model: m, alerts: a}
            model: {k: 8, k_max: 20, warmup: 100, half_life: 7d, margin: 0.2, confirm: 3, min_dwell: 1h,
                    min_share: 2%, sweep_interval: 12h, on_drift: alert, seed: 18446744073709551615}
            batch: {size: 500, interval: 1s}
            holdout: {share: 12.5%, salt: "2026"}
            limits: {record_bytes: 1MiB, depth: 8, fields: 100, items: 10, id_bytes: 64B, max_future: 5m,
                     max_customers: 1000, idle_expiry: 30d}
            state: {directory: /var/lib/shoal, interval: 5m, keep: 3}
            log: {level: warning, format: json}
            """)
        var expected = ShoalConfiguration()
        expected.kafka.bootstrap = "a:1,b:2"
        expected.kafka.group = "g"
        expected.kafka.properties = ["security.protocol": "SSL", "ssl.ca.location": "p", "acks": "-1"]
        expected.delivery = .atLeastOnce
        expected.instance = "a"
        expected.membership = .static
        expected.lanes = 4
        expected.commitIntervalMilliseconds = 250
        expected.topics.events = "e"
        expected.topics.changes = "c"
        expected.topics.segments = "s"
        expected.topics.deadLetters = "d"
        expected.topics.summaries = "u"
        expected.topics.model = "m"
        expected.topics.alerts = "a"
        expected.sources[0].topics = ["e"]
        expected.holdout = Holdout(share: 0.125, salt: "2026")
        expected.model.clusterCount = .fixed(8)
        expected.model.clusterCountMax = 20
        expected.model.warmup = 100
        expected.model.halfLife = 7 * Self.day
        expected.model.margin = 0.2
        expected.model.confirm = 3
        expected.model.minDwell = 3_600_000
        expected.model.minShare = 0.02
        expected.model.sweepInterval = Self.day / 2
        expected.model.driftResponse = .alert
        expected.model.seed = .max
        expected.batch.size = 500
        expected.batch.interval = 1_000
        expected.limits.events.recordBytesMax = 1 << 20
        expected.limits.events.depthMax = 8
        expected.limits.events.fieldsMax = 100
        expected.limits.events.itemsMax = 10
        expected.limits.events.idBytesMax = 64
        expected.limits.events.futureMillisecondsMax = 300_000
        expected.limits.checksFutureInReplay = true
        expected.limits.customersMax = 1_000
        expected.limits.idleExpiryMilliseconds = 30 * Self.day
        expected.state.directory = "/var/lib/shoal"
        expected.state.intervalMilliseconds = 300_000
        expected.state.keptCount = 3
        expected.log.level = .warning
        expected.log.format = .json
        #expect(configuration == expected)
    }

    @Test func `state may be kept nowhere, or in a directory of that name`() throws {
        #expect(try parse("").state.directory == "shoal-state")
        #expect(try parse("state: {directory: none}").state.directory == nil)
        // JSON has quotes always.
        #expect(try parse(#"{"state": {"directory": "none"}}"#).state.directory == nil)
        #expect(try parse("state: {directory: ./none}").state.directory == "./none")
        #expect(try parse("state: {directory: none}").resolvedPlan.contains("replays all of the retained"))
        #expect(try parse("state: {interval: 90s}").resolvedPlan.contains("every 90s, the newest 2"))
    }

    @Test func `a replay checks times ahead only if told to`() throws {
        #expect(try parse("").limits.replayEvents.futureMillisecondsMax == nil)
        #expect(try parse("").limits.events.futureMillisecondsMax == 3_600_000)
        let written = try parse("limits: {max_future: 2h}").limits
        #expect(written.replayEvents.futureMillisecondsMax == 7_200_000)
    }

    @Test func `a source is read to the last setting`() throws {
        let text = """
            features: [{name: b, distinct: {of: brand}}]
            sources:
              - name: pos
                topics: [a, b]
                format: tsv
                columns: [who, when, what, brand name, x, price]
                time_format: epoch_seconds
                fields:
                  customer_id: {path: who, strip_suffix: .0}
                  timestamp: when
                  type: [kind, what]
                  brand: brand name
                  properties.x: x
                types: {pv: product_view}
                unknown_types: reject
                type_rules:
                  - {when: {what: {prefix: C}}, becomes: return}
                  - {when: {what: {not: {prefix: C}}}, becomes: sale}
                ignore:
                  - {who: {present: false}}
                  - {price: {below: -0.5}}
                  - {what: [x, 7]}
                  - {what: {not: y}}
                constants: {channel: store, quantity: 1}
            """
        var source = SourceMapping(
            name: "pos", topics: ["a", "b"],
            format: .delimited(
                .init(separator: 9, columns: ["who", "when", "what", "brand name", "x", "price"])))
        source.timeFormat = .epochSeconds
        source.fields = [
            "customer_id": .init(paths: ["who"], stripSuffix: ".0"), "timestamp": .init(paths: ["when"]),
            "type": .init(paths: ["kind", "what"]), "brand": .init(paths: ["brand name"]),
            "properties.x": .init(paths: ["x"]),
        ]
        source.types = ["pv": "product_view"]
        source.unknownType = .reject
        source.typeRules = [
            .init(condition: .init(path: "what", test: .prefix("C")), becomes: "return"),
            .init(condition: .init(path: "what", test: .prefix("C"), negated: true), becomes: "sale"),
        ]
        source.ignoreWhere = [
            .init(path: "who", test: .present, negated: true), .init(path: "price", test: .below(-0.5)),
            .init(path: "what", test: .anyOf([.text("x"), .integer(7)])),
            .init(path: "what", test: .anyOf([.text("y")]), negated: true),
        ]
        source.constants = ["channel": .text("store"), "quantity": .integer(1)]
        #expect(try parse(text).sources == [source])
    }

    @Test func `fields of a basket's lines are read`() throws {
        let source = try parse("sources: [{name: a, item_fields: {product_id: sku, price: [net, gross]}}]")
            .sources[0]
        #expect(
            source.itemFields == [
                "product_id": .init(paths: ["sku"]), "price": .init(paths: ["net", "gross"]),
            ])
    }

    private func filter(_ path: String, _ value: String) -> FeatureFilter {
        FeatureFilter([.init(path: path, anyOf: [.text(value)])])
    }

    @Test func `sources that are not keyed by customer are routed into the topic of events`() throws {
        let text = "sources: [{name: a, topics: [x]}, {name: b, topics: [y], keyed: false}, {name: f}]"
        let configuration = try parse(text)
        #expect(configuration.routedSources.map(\.name) == ["b"])
        #expect(configuration.laneSources.map(\.topics) == [["x"], ["shoal.events"]])
        #expect(configuration.laneSources[1] == .canonical(topics: ["shoal.events"]))
        #expect(configuration.resolvedPlan.contains("topics y, keyed by customer in shoal.events\n"))
        let own = try parse(
            "sources: [{name: a, topics: [shoal.events], preset: ga4}, {name: b, topics: [y], keyed: false}]")
        #expect(own.laneSources.map(\.name) == ["a"])
        #expect(ShoalConfiguration().routedSources.isEmpty)
    }

    @Test func `the interval between commits is what the delivery is best with`() throws {
        #expect(try parse("").commitIntervalMilliseconds == 100)
        #expect(try parse("delivery: at_least_once").commitIntervalMilliseconds == 1_000)
        #expect(try parse("delivery: at_least_once\ncommit_interval: 2s").commitIntervalMilliseconds == 2_000)
    }

    @Test func `a shorter session shortens the transactions in it, unless they are set`() {
        let usual = TransactionTimes(properties: [:])
        #expect(usual.transaction == 10_000 && usual.request == 5_000)
        let short = TransactionTimes(properties: ["session.timeout.ms": "6000"])
        #expect(short.transaction == 5_000 && short.request == 2_500)
        let set = TransactionTimes(properties: ["transaction.timeout.ms": "8000", "socket.timeout.ms": "900"])
        #expect(set.transaction == 8_000 && set.request == 900)
    }
}
