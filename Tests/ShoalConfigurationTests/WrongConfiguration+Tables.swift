extension WrongConfiguration {
    private static let expectMap =
        "write a map of settings, `name: value` on each line, indented with spaces"

    static let documents = [
        WrongConfiguration(
            "a word", "hello",
            "1: a single value where settings are expected; "
                + "write a map of settings, `name: value` on each line"
        ),
        WrongConfiguration(
            "a list", "# plan\n- a\n",
            "2: a list where settings are expected; write a map of settings, `name: value` on each line"),
        WrongConfiguration(
            "a tab", "log:\n\tlevel: info\n",
            "2: not YAML: found character that cannot start any token; \(expectMap)"),
        WrongConfiguration(
            "a control character", "log: {}\nx: a\u{0}b\n",
            "2: not YAML: control characters are not allowed; \(expectMap)"),
        WrongConfiguration(
            "two documents", "log: {}\n---\nlog: {}\n",
            "2: not one YAML document: but found another document; \(expectMap)"),
        WrongConfiguration(
            "an undefined alias", "log: *x\n", "1: not one YAML document: found undefined alias; \(expectMap)"
        ),
        WrongConfiguration(
            "keys given twice",
            "log: {level: info}\nmodel:\n  k: 8\n  \"k\": 9\n  seed: -1\nlog: {level: error}\n",
            "4: model.k: given twice in one map, first in line 3; keep one of the two",
            "5: model.seed: `-1` is no seed; write a whole number from 0 to 18446744073709551615",
            "6: log: given twice in one map, first in line 1; keep one of the two"),
        WrongConfiguration(
            "a map as a key", "? [a]\n: b\n", "1: a key that is a list or a map; write a name as the key"),
    ]

    static let settings = [
        WrongConfiguration(
            "an unknown section", "modell: {}\n", "1: modell: unknown setting; write model instead"),
        WrongConfiguration(
            "a name that is like no other", "foo: 1\n",
            "1: foo: unknown setting; write one of allow_sensitive, sensitive_reason, kafka, delivery, "
                + "instance, membership, lanes, commit_interval, topics, state, features, sources, model, "
                + "batch, holdout, limits, http, log"),
        WrongConfiguration(
            "an address that is none", "http: {listen: \"::1:8080\", connections: 4, advertise: shoal-1}",
            "1: http.listen: `::1:8080` is not an address with a port; write listen: 127.0.0.1:8080, auto "
                + "or none",
            "1: http.advertise: `shoal-1` is not a URL; write advertise: http://shoal-1.example:8080, or "
                + "none",
            "1: http.connections: 4 is out of range; write a number from 8 to 65536"),
        WrongConfiguration(
            "an address for others without a token", "http:\n  listen: 0.0.0.0:8080\n",
            "2: http.listen: 0.0.0.0:8080 can be reached from other machines, and there is no token; set "
                + "SHOAL_API_TOKEN, or listen on 127.0.0.1"),
        WrongConfiguration(
            "a token in no file", "http: {token_file: /nowhere/token}",
            "1: http.token_file: /nowhere/token cannot be read; name a file that the user who runs shoal can "
                + "read"),
        WrongConfiguration(
            "a section that is no map", "limits: 4\nmodel: []\n",
            "1: limits: a single value where a map is expected; write a map under limits:",
            "2: model: a list where a map is expected; write a map under model:"),
        WrongConfiguration(
            "numbers of segments", "model: {k: 1001, k_max: 1, warmup: 20000}",
            "1: model.k: 1001 is out of range; write a number from 1 to 1000",
            "1: model.k_max: 1 is out of range; write a number from 2 to 1000",
            "1: model.warmup: 20000 is out of range; write a number from 2 to 10000"),
        WrongConfiguration(
            "a warm-up that cannot seed", "model: {k: 8, warmup: 5}",
            "1: model.warmup: 5 vectors cannot seed 8 segments; write at least 8"),
        WrongConfiguration(
            "durations",
            """
            model:
              half_life: 0d
              min_dwell: -1h
              sweep_interval: 101y
            batch: {interval: 0.5ms}
            limits: {idle_expiry: 40000d, max_future: soon}
            """,
            "2: model.half_life: 0d is zero; write at least 1ms, as half_life: 14d",
            "3: model.min_dwell: -1h is negative; write at least 0s, as min_dwell: 1h",
            "4: model.sweep_interval: unknown unit `y`; write one of ms s m h d w, as sweep_interval: 1d",
            "5: batch.interval: 0.5ms is not a whole number of ms; write interval: 200ms",
            "6: limits.max_future: `soon` is not a number with a unit; write max_future: 1h",
            "6: limits.idle_expiry: 40000d is too large; write at most 36525d, as idle_expiry: 400d"),
        WrongConfiguration(
            "state",
            """
            state:
              directory: ''
              interval: 60
              keep: 0
              topics: a
            """,
            "2: state.directory: is empty; write directory: /var/lib/shoal, or none",
            "3: state.interval: `60` has no unit; write a number with one of ms s m h d w, as interval: 60s",
            "4: state.keep: 0 is out of range; write a number from 1 to 100",
            "5: state.topics: unknown setting; write topic instead"),
        WrongConfiguration(
            "a topic of snapshots that has another use",
            """
            topics: {model: m}
            state: {topic: m}
            """,
            "2: state.topic: the same topic as topics.model; give each its own topic"),
        WrongConfiguration(
            "a topic of snapshots that are not made",
            """
            state:
              directory: none
              topic: shoal.state
            """,
            "3: state.topic: snapshots are made in state.directory, which is none; "
                + "name a directory, or remove it"),
        WrongConfiguration(
            "a source that reads snapshots",
            """
            state: {topic: s}
            sources: [{name: a, topics: [s]}]
            """,
            "2: sources[0].topics[0]: `s` is where shoal writes snapshots; read another topic"),
        WrongConfiguration(
            "a topic of snapshots whose name is none", "state: {topic: a b}",
            "1: state.topic: `a b` is no topic's name; write 1 to 249 of the letters A-Z, a-z, digits, . _ and -"
        ),
        WrongConfiguration(
            "sizes", "limits: {record_bytes: 64, id_bytes: 1MB}",
            "1: limits.record_bytes: `64` has no unit; "
                + "write a number with one of B KiB MiB GiB, as record_bytes: 256KiB",
            "1: limits.id_bytes: unknown unit `MB`; write one of B KiB MiB GiB, as id_bytes: 256B"),
        WrongConfiguration(
            "shares and words", "model: {margin: .nan, min_share: 80%, on_drift: alerts}",
            "1: model.margin: `.nan` is not a finite number; write margin: 0.1",
            "1: model.min_share: 80% is out of range; write a share from 0 to 50%, as min_share: 1%",
            "1: model.on_drift: unknown word `alerts`; write alert (of ignore, alert, adapt, reseed, propose)"
        ),
        WrongConfiguration(
            "nobody held out", "holdout: {share: 0, salt: [a], seed: 1}",
            "1: holdout.share: 0 is out of range; write a number from 0.0001 to 0.9999, as share: 10%",
            "1: holdout.salt: a list where a single value is expected; write salt: spring",
            "1: holdout.seed: unknown setting; write one of share, salt"),
        WrongConfiguration(
            "everybody held out", "holdout: {share: 100%}",
            "1: holdout.share: 100% is out of range; write a share from 0.01 to 99.99%, as share: 10%"),
        WrongConfiguration(
            "how many are held out is not said", "holdout: {salt: a}",
            "1: holdout.share: missing; write share: 10%"),
        WrongConfiguration(
            "times of a transaction that do not keep their order",
            """
            kafka:
              transaction.timeout.ms: 40000
              socket.timeout.ms: 39950
              message.timeout.ms: 0
              max.poll.interval.ms: 100000
            commit_interval: 11s
            """,
            "2: kafka.transaction.timeout.ms: 40000 ms is not below session.timeout.ms (30000 ms): a hung transaction "
                + "would outlive its partitions; write at most 25000, or raise session.timeout.ms",
            "3: kafka.socket.timeout.ms: 39950 ms is not 100 ms below transaction.timeout.ms (40000 ms); "
                + "write at most 39900",
            "4: kafka.message.timeout.ms: records must be given up within their transaction (40000 ms); "
                + "write less than 40000, or leave it out",
            "5: kafka.max.poll.interval.ms: max.poll.interval.ms (100000 ms) is below three times "
                + "transaction.timeout.ms (40000 ms): a lane cannot poll while it commits; "
                + "write max.poll.interval.ms: 120000",
            "6: commit_interval: is more than a quarter of kafka.transaction.timeout.ms (40000 ms): transactions "
                + "would time out; write at most 10000ms"),
        WrongConfiguration(
            "delivery", "delivery: at_most_once\ninstance: ''",
            "1: delivery: unknown word `at_most_once`; write at_least_once (of exactly_once, at_least_once)",
            "2: instance: is empty; write auto, or a name that no other process has"),
        WrongConfiguration(
            "a setting without a value", "delivery:\nlanes: [4]\n",
            "1: delivery: nothing where a single value is expected; write exactly_once, at_least_once",
            "2: lanes: a list where a single value is expected; write auto, or a number of threads as 4"),
        WrongConfiguration(
            "secrets and what shoal sets itself",
            """
            kafka:
              sasl.password: hunter2
              ssl: {key.password: hunter2}
              group.id: mine
              enable.auto.commit: true
              sasl.password_file: /nowhere/at/all
              ssl.ca.location_file: ca.pem
            """,
            "2: kafka.sasl.password: a secret in the configuration; "
                + "write sasl.password_file: with a file's path, or set SHOAL_KAFKA__SASL_PASSWORD",
            "3: kafka.ssl.key.password: a secret in the configuration; "
                + "write ssl.key.password_file: with a file's path, or set SHOAL_KAFKA__SSL_KEY_PASSWORD",
            "4: kafka.group.id: is set by shoal itself; write kafka.group instead",
            "5: kafka.enable.auto.commit: is set by shoal itself; remove it",
            "6: kafka.sasl.password_file: given beside sasl.password; keep one of the two",
            "7: kafka.ssl.ca.location_file: only secrets are read from files; "
                + "write ssl.ca.location: with the value itself"),
        WrongConfiguration(
            "a secret's file that is not there", "kafka: {sasl.password_file: /nowhere/at/all}",
            "1: kafka.sasl.password_file: `/nowhere/at/all` cannot be read as text of at most 64KiB; "
                + "give the path of a file that this user may read"),
        WrongConfiguration(
            "topics", "topics:\n  changes: a b\n  alerts: shoal.model\n",
            "2: topics.changes: `a b` is no topic's name; "
                + "write 1 to 249 of the letters A-Z, a-z, digits, . _ and -",
            "3: topics.alerts: the same topic as topics.model; give each its own topic"),
        WrongConfiguration(
            "sensitive attributes without a reason", "allow_sensitive: true",
            "1: allow_sensitive: needs a reason; write sensitive_reason: \"why they are needed\" beside it"),
        WrongConfiguration(
            "a reason without permission", "sensitive_reason: because",
            "1: sensitive_reason: has no effect; write allow_sensitive: true beside it, or remove it"),
    ]
}
