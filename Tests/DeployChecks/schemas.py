"""What Shoal writes is as Deploy/schemas says, what it takes too, and the schemas refuse what neither is."""

import base64
import collections
import concurrent.futures
import copy
import itertools
import json
import pathlib
import tempfile

import jsonschema

from support import DEPLOY, SHOAL, demo, output, require

SCHEMAS = {path.stem: json.loads(path.read_text()) for path in (DEPLOY / "schemas").glob("*.json")}
VALIDATORS = {name: jsonschema.Draft202012Validator(schema) for name, schema in SCHEMAS.items()}

# The fields of every version, with a question mark where they may be absent. What is new is added here; what is here
# stays as long as the version: whoever reads it relies on it.
FIELDS = {
    "event-1": """
        type customer_id timestamp? event_id? amount? price? quantity? category? product_id? channel? store_id?
        session_id? currency? coupon? sentiment? items? items[].product_id? items[].category? items[].quantity?
        items[].price? anonymous_id? properties?""",
    "segment-change-1": """
        schema change_id customer_id first_seen revision from from.id from.name to to.id to.name at cause event?
        event.type event.topic event.partition event.offset confidence? distance? outlier? model? model.version
        model.generation reasons? reasons[].feature reasons[].value reasons[].typical reasons[].was_typical
        reasons[].contribution group?""",
    "customer-segment-1": """
        schema change_id customer_id first_seen revision to to.id to.name at cause event? event.type event.topic
        event.partition event.offset confidence distance outlier model model.version model.generation group?""",
    "drift-alert-1": """
        schema alert_id state severity monitor subject other? direction size statistic threshold reference current
        since at model model.version model.generation advice distribution? distribution.edges distribution.reference
        distribution.current""",
    "dead-letter-1": "shoal.reason shoal.detail shoal.topic shoal.partition shoal.offset shoal.value?",
    "rejected-line-1": "reason detail file line value",
    "profile-line-1": "customer_id segment revision last_event_at raw features",
}

GONE = object()

# Of thousands of documents of one kind so many are validated, evenly spread: a validator in Python takes its time.
DOCUMENTS_MAX = 1_000

# Lines that are rejected, one for every reason but the size, which has its own.
BAD_LINES = [
    b"\xff", b"{", b"[]", b"[" * 40, b"{}", b'{"customer_id":"c"}', b'{"type":"view","customer_id":1.5}',
    b'{"type":1,"customer_id":"c"}', b'{"type":"view","customer_id":"c","price":"7"}',
    b'{"type":"view","customer_id":"c","timestamp":"soon"}', b'{"type":"view","customer_id":"c","timestamp":15}',
    b'{"type":"view","customer_id":"c","timestamp":"2099-01-01T00:00:00Z"}',
    b'{"type":"view","customer_id":"c","text":"' + b"x" * 300_000 + b'"}',
]


def validate(name, document):
    error = jsonschema.exceptions.best_match(VALIDATORS[name].iter_errors(document))
    require(error is None, f"{name}: {error and error.message} at {error and error.json_path} of {document}")


def read_lines(path):
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


def changed(document, path, value):
    """A copy in which the field at a path of names and indices has another value, or is gone if that is `GONE`."""
    document = copy.deepcopy(document)
    *parents, last = path
    place = document
    for step in parents:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return document


# The schemas themselves.

def fields(schema, root, prefix=""):
    """The paths of all fields that a schema names, with a question mark after those that may be absent."""
    if "$ref" in schema:
        yield from fields(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, prefix)
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}.{name}" if prefix else name
        yield path if name in schema.get("required", []) else path + "?"
        yield from fields(field, root, path)
    for choice in schema.get("anyOf", []):
        yield from fields(choice, root, prefix)
    if "array" in schema.get("type", []):
        yield from fields(schema["items"], root, prefix + "[]")


def closed_objects(schema):
    """The parts of a schema that refuse fields they do not name."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False:
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from closed_objects(part)


def check_schemas():
    require(SCHEMAS.keys() == FIELDS.keys(), f"schemas {sorted(SCHEMAS)}, but fields of {sorted(FIELDS)}")
    for name, schema in SCHEMAS.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        subject, version = name.rsplit("-", 1)
        require(schema["$id"] == f"urn:shoal:schema:{subject}:{version}", f"{name} has the $id {schema['$id']}")
        require(schema["title"] and schema["description"], f"{name} has no title or no description")
        require(not list(closed_objects(schema)), f"{name} refuses fields that later releases may add")
        known, now = FIELDS[name].split(), list(fields(schema, schema))
        gone, new = sorted(set(known) - set(now)), sorted(set(now) - set(known))
        require(not gone, f"{name} no longer has {gone}: that takes a new version")
        require(not new, f"{name} has {new}, which this check does not hold fast yet")
    print(f"schemas: {len(SCHEMAS)}, with the fields they had")


# Files: what a replay writes.

def check_replay(folder):
    """Validates all that a replay of a drifting shop writes, and returns examples of each."""
    (folder / "shoal.yaml").write_text("limits: {idle_expiry: 10d}\nholdout: {share: 30%, salt: spring}\n")
    events, more = folder / "events.ndjson", folder / "more.ndjson"
    shop = ["--events", 200_000, "--customers", 2_000, "--days", 25, "--drift-at", "15d"]
    events.write_text(output(SHOAL, "simulate", *shop))
    last = json.loads(events.read_text().splitlines()[-1])
    forget = {"type": "forget", "customer_id": last["customer_id"], "timestamp": last["timestamp"]}
    more.write_bytes(json.dumps(forget).encode() + b"\n" + b"\n".join(BAD_LINES) + b"\n")
    names = {"changes": "segment-change-1", "alerts": "drift-alert-1", "rejects": "rejected-line-1",
             "profiles": "profile-line-1"}
    options = [part for name in names for part in (f"--{name}", folder / name)]
    output(SHOAL, "replay", "--config", folder / "shoal.yaml", *options, events, more)
    written = {name: read_lines(folder / option) for option, name in names.items()}
    for name, documents in written.items():
        for document in documents[::max(1, len(documents) // DOCUMENTS_MAX)]:
            validate(name, document)
    changes, alerts = written["segment-change-1"], written["drift-alert-1"]
    kinds = collections.Counter(kind(change) for change in changes)
    for wanted in ["first event", "first model", "move event", "move time", "end time", "end erasure"]:
        require(kinds[wanted], f"the replay has no change of the kind {wanted!r}: {dict(kinds)}")
        validate("segment-change-1", next(change for change in changes if kind(change) == wanted))
    groups = {change["customer_id"]: change["group"] for change in changes}
    controls = sum(group == "control" for group in groups.values())
    require(0.2 < controls / len(groups) < 0.4, f"{controls} of {len(groups)} customers are held out, not 30 %")
    states = collections.Counter(alert["state"] for alert in alerts)
    require(states["raised"] and states["resolved"], f"the replay has alerts {dict(states)}")
    for alert in alerts:
        check_alert(alert)
    require(any("distribution" in alert for alert in alerts), "no alert has a distribution")
    rejects = written["rejected-line-1"]
    require([base64.b64decode(reject["value"]) for reject in rejects] == BAD_LINES, "rejects have their lines' bytes")
    reasons = SCHEMAS["rejected-line-1"]["properties"]["reason"]["enum"]
    require({reject["reason"] for reject in rejects} == set(reasons), f"reasons {reasons} occur, each of them")
    require(SCHEMAS["dead-letter-1"]["properties"]["shoal.reason"]["enum"] == reasons, "dead letters have the same")
    with open(events) as lines:
        simulated = [json.loads(line) for line in itertools.islice(lines, DOCUMENTS_MAX)]
    for event in simulated:
        validate("event-1", event)
    print(f"replay: {len(changes)} changes, {dict(kinds)}; {len(alerts)} alerts, {dict(states)}; "
          f"{len(rejects)} rejects; {len(written['profile-line-1'])} profiles")
    examples = {
        "first": next(change for change in changes if kind(change) == "first event"),
        "move": next(change for change in changes if kind(change) == "move event" and change["reasons"]),
        "end": next(change for change in changes if kind(change) == "end erasure"),
        "alert": next(alert for alert in alerts if "distribution" in alert),
        "reject": rejects[0], "profile": written["profile-line-1"][0], "event": simulated[0],
    }
    require(examples["end"]["customer_id"] == last["customer_id"], "the last change of whoever was forgotten says so")
    return examples


def kind(change):
    return ("first " if change["from"] is None else "end " if change["to"] is None else "move ") + change["cause"]


def check_alert(alert):
    """What a schema cannot say of an alert."""
    for field in ["monitor", "statistic"]:
        known = SCHEMAS["drift-alert-1"]["properties"][field]["examples"]
        require(alert[field] in known, f"the schema does not tell of the {field} {alert[field]}")
    if spread := alert.get("distribution"):
        for side in ["reference", "current"]:
            require(len(spread[side]) == len(spread["edges"]) + 1, f"bins and edges do not fit: {spread}")
            require(abs(sum(spread[side]) - 1) < 0.01, f"shares do not add up to 1: {spread}")


# Kafka: what a running daemon writes.

def read_topic(broker, topic):
    """All records of a topic, as kcat has them; without those of aborted transactions."""
    command = ["kcat", "-C", "-q", "-e", "-J", "-b", broker, "-t", topic, "-o", "beginning"]
    return [json.loads(line) for line in output(*command).splitlines()]


def check_topics(folder):
    """Validates what a demo's topics hold, and returns a current segment and the headers of a dead letter."""
    with demo() as shop:
        def changes():
            return [json.loads(record["payload"]) for record in read_topic(shop.broker, "segment-changes")]

        output("kcat", "-P", "-b", shop.broker, "-t", "shoal.events", "-k", "key", "-H", "theirs=kept", input="{no")
        shop.wait_for("somebody moves", lambda: any(kind(change) == "move event" for change in changes()))
        customer = changes()[0]["customer_id"]
        (folder / "demo.yaml").write_text(f"kafka: {{bootstrap: '{shop.broker}'}}\n")
        output(SHOAL, "forget", "--config", folder / "demo.yaml", customer)
        shop.wait_for("the customer is forgotten", lambda: any(
            kind(change) == "end erasure" and change["customer_id"] == customer for change in changes()))
        shop.wait_for("the dead letter is there", lambda: read_topic(shop.broker, "dead-letters"))
        topics = {topic: read_topic(shop.broker, topic)
                  for topic in ["segment-changes", "customer-segments", "drift-alerts", "dead-letters"]}
    for record in topics["segment-changes"]:
        change = json.loads(record["payload"])
        validate("segment-change-1", change)
        require(record["key"] == change["customer_id"], f"the key {record['key']} is not the customer")
    tombstones, newest = set(), None
    for record in topics["customer-segments"]:
        if record["payload"] is None:
            tombstones.add(record["key"])
            continue
        newest = json.loads(record["payload"])
        validate("customer-segment-1", newest)
        require(record["key"] == newest["customer_id"], f"the key {record['key']} is not the customer")
        require("from" not in newest and "reasons" not in newest, f"current segments have no past: {newest}")
    require(customer in tombstones, f"whoever is forgotten has a tombstone: {tombstones}")
    for record in topics["drift-alerts"]:
        alert = json.loads(record["payload"])
        validate("drift-alert-1", alert)
        check_alert(alert)
    [letter] = topics["dead-letters"]
    pairs = letter["headers"]
    headers = dict(zip(pairs[::2], pairs[1::2]))
    validate("dead-letter-1", headers)
    require((letter["key"], letter["payload"], headers["theirs"]) == ("key", "{no", "kept"), f"as it was: {letter}")
    require(headers["shoal.reason"] == "not_json", f"the reason is {headers['shoal.reason']}")
    print("demo: " + ", ".join(f"{len(records)} records of {topic}" for topic, records in topics.items()))
    return newest, headers


# What is wrong is refused, what is unknown is let be.

def check_refusals(name, document, wrong):
    """Each of `wrong`, a path and a value, makes a good document bad; so does the absence of a required field."""
    validate(name, document)
    absent = [((field,), GONE) for field in SCHEMAS[name]["required"]]
    for path, value in absent + wrong:
        what = "nothing" if value is GONE else json.dumps(value)
        require(not VALIDATORS[name].is_valid(changed(document, path, value)), f"{name} takes {what} at {path}")
    for path in [(), *((field,) for field, value in document.items() if isinstance(value, dict))]:
        validate(name, changed(document, (*path, "of_a_later_release"), 1))
    return len(absent) + len(wrong)


def check_all_refusals(examples, segment, headers):
    common = [
        (("schema",), "shoal.segment-change/2"), (("change_id",), "c1-1-1"), (("change_id",), "c1#1#0"),
        (("customer_id",), 7), (("customer_id",), ""), (("first_seen",), "2026-01-01"), (("revision",), 0),
        (("revision",), 1.5), (("to", "id"), "1"), (("to", "id"), "s0"), (("to", "name"), None), (("to", "name"), GONE),
        (("at",), "2026-01-01T00:00:00Z"), (("at",), 1_767_225_600_000), (("cause",), "whim"), (("confidence",), 1.1),
        (("confidence",), None), (("distance",), -1), (("outlier",), 1), (("model", "version"), 0),
        (("model", "generation"), GONE), (("group",), "both"),
    ]
    cause = [(("event",), GONE), (("event", "offset"), "7"), (("event", "topic"), GONE), (("cause",), "model")]
    decided = ["confidence", "distance", "outlier", "model", "reasons"]
    count = check_refusals("segment-change-1", examples["move"], common + cause + [
        (("from",), "s1"), (("from", "id"), GONE), (("reasons",), None), (("reasons", 0, "value"), None),
        (("reasons", 0, "contribution"), GONE), (("reasons", 0, "contribution"), -0.1), (("reasons", 0, "contribution"), 1.1),
        (("reasons",), examples["move"]["reasons"][:1] * 6), (("to",), None), (("cause",), "erasure"),
        *(((field,), GONE) for field in decided)])
    count += check_refusals("segment-change-1", examples["first"], [(("to",), None)])
    count += check_refusals("segment-change-1", examples["end"], [
        *(((field,), examples["move"][field]) for field in decided), (("cause",), "model"), (("from",), None),
        (("to",), examples["move"]["to"])])
    if segment["cause"] != "event":
        segment = segment | {"cause": "event", "event": examples["move"]["event"]}
    count += check_refusals("customer-segment-1", segment, common + cause + [
        (("to",), None), (("cause",), "erasure")])
    count += check_refusals("drift-alert-1", examples["alert"], [
        (("schema",), "shoal.drift-alert/2"), (("alert_id",), "fit"), (("state",), "over"), (("severity",), "fatal"),
        (("monitor",), "Fit"), (("subject",), ""), (("other",), 3), (("direction",), "sideways"), (("size",), -1),
        (("size",), None), (("statistic",), ""), (("threshold",), "0.2"), (("reference",), None), (("current",), "1"),
        (("since",), 0), (("at",), ""), (("model", "version"), GONE), (("advice",), ""),
        (("distribution", "edges"), GONE), (("distribution", "current"), [2]), (("distribution", "reference"), [])])
    count += check_refusals("dead-letter-1", headers, [
        (("shoal.reason",), "bad_mood"), (("shoal.partition",), "-1"), (("shoal.offset",), 7), (("shoal.topic",), "")])
    count += check_refusals("rejected-line-1", examples["reject"], [
        (("reason",), "bad_mood"), (("line",), 0), (("value",), "?"), (("file",), "")])
    count += check_refusals("profile-line-1", examples["profile"], [
        (("segment",), 1), (("revision",), -1), (("last_event_at",), "today"), (("raw",), []),
        (("features",), {"spend": None}), (("customer_id",), "")])
    print(f"refusals: {count} wrong documents, and unknown fields are let be")


# Events: the schema and the program agree on what is good.

def check_events(folder, event):
    values = ["", " ", "x", "5", 5, -3, 0, 1.5, 1e12, 1e13, 2**63, 2**64 + 5, True, {}, {"a": 1}, [], [1]]
    documents = [event | {field: value} for value in values for field in SCHEMAS["event-1"]["properties"]
                 if field != "timestamp" and not is_whole_real(value)]
    documents += [event | {"type": "identify", "anonymous_id": value} for value in values if not is_whole_real(value)]
    documents += [event | {"items": [{field: value}]} for value in values
                  for field in ["product_id", "category", "quantity", "price", "another"]]
    documents += [event | {"items": [value]} for value in values]
    documents += [event | {field: None} for field in SCHEMAS["event-1"]["properties"] if field != "timestamp"]
    documents += [event | {"timestamp": time} for time in [
        "2026-01-05T12:00:05Z", "2026-01-05t12:00:05.5z", "2026-01-05 12:00:05.123456789+01:00", "2026-01-05T12:00Z",
        "2026-01-05T12:00:05", "2026-01-05T24:00:00Z", "2026-01-05T12:00:60Z", "2026-13-05T12:00:05Z",
        "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "2026-01-05T12:00:05+0100", "2026-01-05T12:00:05.Z",
        "2026-01-05T12:00:05+24:00", "1767614405000", "", 1_767_614_405_000, 1_767_614_405, 7_258_118_400_000, -1, 1.5,
        True, [], {}]]
    documents += [event | {"customer_id": id} for id in ["c" * 256, "c" * 257, "a\tb", "a\x7fb", "é", "  "]]
    documents += [
        event | {f"field{index}": 1 for index in range(64 - len(event))},
        event | {f"field{index}": 1 for index in range(65 - len(event))},
        event | {"properties": {f"field{index}": 1 for index in range(65)}},
        event | {"items": [{}] * 1_000}, event | {"items": [{}] * 1_001},
    ]
    path, rejects = folder / "documents.ndjson", folder / "documents.rejects"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    output(SHOAL, "replay", "--rejects", rejects, path)
    rejected = {reject["line"]: reject["detail"] for reject in read_lines(rejects)}
    for line, document in enumerate(documents, 1):
        good = VALIDATORS["event-1"].is_valid(document)
        require(good == (line not in rejected), f"the schema says {'good' if good else 'bad'}, the program says "
                f"{rejected.get(line, 'good')}: {json.dumps(document)[:300]}")
    print(f"events: schema and program agree on {len(documents)} documents, {len(rejected)} of them bad")


def is_whole_real(value):
    """To a schema 1e12 is an integer, to the program an id must be written as one; its description says so."""
    return isinstance(value, float) and value.is_integer()


check_schemas()
with tempfile.TemporaryDirectory() as place:
    place = pathlib.Path(place)
    # A demo mostly waits, so the replay goes on beside it.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        topics = pool.submit(check_topics, place)
        examples = check_replay(place)
        check_events(place, examples["event"])
        check_all_refusals(examples, *topics.result())
