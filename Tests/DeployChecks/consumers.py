"""The consumers of Deploy/examples keep their promises: killed, repeated, out of order, erased, with a receiver in
trouble, against what kcat reads in the topics."""

import collections
import concurrent.futures
import contextlib
import csv
import hashlib
import http.server
import json
import math
import os
import pathlib
import queue
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import psycopg
import redis
from confluent_kafka import Consumer, TopicPartition

from support import DEPLOY, SHOAL, free_port, output, process, require, wait_for

POSTGRESQL = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
PARTITIONS = 4
TOPICS = ["shoal.events", "segment-changes", "customer-segments", "drift-alerts"]
LOCK = "SELECT pg_advisory_lock(hashtext('current_segments'))"
UNLOCK = "SELECT pg_advisory_unlock_all()"
SHOP_EVENTS = 6_000


class Bench:
    """A broker, a Redis and a PostgreSQL of the check's own, and the examples that run against them."""

    def __init__(self, stack):
        self.stack = stack
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        topics = [part for topic in TOPICS for part in ("--topic", f"{topic}:{PARTITIONS}")]
        broker_port, redis_port = free_port(), free_port()
        self.broker = f"127.0.0.1:{broker_port}"
        self.start("broker", SHOAL, "broker", "--port", broker_port, *topics)
        self.start(
            "redis", "redis-server", "--port", redis_port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", self.folder)
        self.properties = self.folder / "properties"
        self.properties.write_text(
            "# A member that was killed is missed soon, and an end is known at once.\n"
            "session.timeout.ms=3000\nheartbeat.interval.ms=1000\nfetch.wait.max.ms=20\n")
        self.environment = os.environ | {
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0", "DATABASE_URL": self.start_postgresql()}
        self.cache = redis.Redis(port=redis_port, decode_responses=True)
        wait_for("Redis answers", lambda: self.answers(self.cache.ping, redis.ConnectionError), 10)
        wait_for(
            "PostgreSQL answers",
            lambda: self.answers(lambda: self.connect().close() or True, psycopg.OperationalError), 20)
        self.database = stack.enter_context(self.connect())
        wait_for("the broker answers", lambda: "1 brokers" in self.kcat("-L"), 10)

    def start(self, name, *command, **options):
        return self.stack.enter_context(process(*command, log=self.folder / f"{name}.log", **options))

    def start_postgresql(self):
        """PostgreSQL refuses to be root's, so root gives it to the user of Debian's package."""
        folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        as_user = []
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            as_user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
        data = folder / "data"
        output(
            *as_user, POSTGRESQL / "initdb", "-D", data, "-U", "postgres", "--auth", "trust", "--no-sync",
            "--no-locale", "--encoding", "UTF8", cwd=folder)
        self.start(
            "postgresql", *as_user, POSTGRESQL / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
            "-c", "fsync=off", cwd=folder)
        return f"host={folder} user=postgres dbname=postgres"

    def connect(self):
        return psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)

    @staticmethod
    def answers(question, refusal):
        try:
            return question()
        except refusal:
            return None

    def example(self, name, *arguments):
        """The command that runs an example."""
        return [
            sys.executable, DEPLOY / f"examples/consumers/{name}.py", "--bootstrap", self.broker,
            "--properties", self.properties, *arguments]

    def start_example(self, log, name, *arguments, **environment):
        return self.start(
            log, *self.example(name, *arguments), env=self.environment | environment, cwd=self.folder)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def kcat(self, *arguments, **options):
        return output("kcat", "-b", self.broker, "-X", "fetch.wait.max.ms=20", *arguments, **options)

    def records(self, topic):
        """All records of a topic, as kcat reads them, each partition in order."""
        lines = self.kcat("-t", topic, "-C", "-e", "-q", "-o", "beginning", "-J").splitlines()
        return sorted(map(json.loads, lines), key=lambda record: (record["partition"], record["offset"]))

    def produce(self, topic, records, partition=0):
        """Records are pairs of key and text; None is a null value."""
        lines = "".join(f"{key}\t{'' if text is None else text}\n" for key, text in records)
        self.kcat("-t", topic, "-P", "-p", str(partition), "-K", "\t", "-Z", input=lines)


def kill(child):
    child.send_signal(signal.SIGKILL)
    child.wait()


def end(child):
    child.terminate()
    require(child.wait(timeout=15) == 0, f"SIGTERM ends it with {child.returncode}")


def place(record):
    return record["first_seen"], record["revision"]


def segments_now(records, before=None):
    """Each customer's newest record; `before` is the offset in each partition at which to stop."""
    now = {}
    for record in records:
        if before is not None and record["offset"] >= before.get(record["partition"], 0):
            continue
        if record["payload"] is None:
            now.pop(record["key"], None)
        elif record["payload"].startswith("{"):
            value = json.loads(record["payload"])
            if record["key"] not in now or place(value) > place(now[record["key"]]):
                now[record["key"]] = value
    return now


def essence(now):
    return {
        customer: (value["to"]["id"], value["to"]["name"], value["at"], value["first_seen"], value["revision"])
        for customer, value in now.items()}


def cached(bench):
    keys = list(bench.cache.scan_iter("shoal:segment:*", count=1000))
    pipeline = bench.cache.pipeline()
    for key in keys:
        pipeline.hmget(key, "segment", "name", "at", "first_seen", "revision")
    return {
        key.removeprefix("shoal:segment:"): (segment, name, at, int(first_seen), int(revision))
        for key, (segment, name, at, first_seen, revision) in zip(keys, pipeline.execute())}


def tabled(database):
    return {
        row[0]: row[1:] for row in database.execute(
            "SELECT customer_id, segment_id, segment_name, to_char(changed_at AT TIME ZONE 'UTC',"
            " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), first_seen, revision FROM current_segments")}


def difference(found, expected):
    """Empty if they are equal, else who differs first, and how."""
    for customer in sorted(found.keys() | expected.keys()):
        if found.get(customer) != expected.get(customer):
            return f"{customer} is {found.get(customer)}, not {expected.get(customer)}"
    return ""


def wait_for_equality(what, found, expected, seconds=20):
    """Waits until all customers are as expected, or says who is not."""
    deadline = time.monotonic() + seconds
    while wrong := difference(found(), expected):
        require(time.monotonic() < deadline, f"{what}: {wrong}")
        time.sleep(0.1)
    print(f"{what}: {len(expected)} customers")


def kill_amid_writes(bench, child):
    """Kills the cache's writer while Redis holds its commands up, which are then lost."""
    bench.cache.client_pause(30_000, all=False)
    wait_for("the writer waits for Redis", lambda: bench.cache.info("clients")["blocked_clients"], 15)
    kill(child)
    wait_for("its commands are lost", lambda: not bench.cache.info("clients")["blocked_clients"], 15)
    bench.cache.client_unpause()


def kill_amid_transaction(bench, child, locked):
    """Kills the table's writer while a lock holds its transaction up, and looks at what is left."""
    with bench.connect() as holder, bench.connect() as reader:
        with holder.transaction():
            holder.execute(f"LOCK TABLE {locked} IN EXCLUSIVE MODE")
            wait_for(
                f"the writer waits for {locked}",
                lambda: holder.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0], 15)
            kill(child)
            # Else PostgreSQL would still do what it was sent before it notices that nobody is there.
            holder.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
            reader.execute(LOCK)
        offsets = dict(reader.execute("SELECT partition_number, next_offset FROM current_segments_offsets").fetchall())
        rows = tabled(reader)
        reader.execute(UNLOCK)
    wrong = difference(rows, essence(segments_now(bench.records("customer-segments"), offsets)))
    require(not wrong, f"killed amid a transaction, the table is not what its offsets say: {wrong}")
    print(f"killed at {locked}: {len(rows)} rows are what the topic says up to the offsets beside them")


def run_shop(bench):
    """Events, segments, kills, erasures: both views follow. Ends with topics that nobody writes any more."""
    configuration = bench.folder / "shoal.yaml"
    configuration.write_text(
        f'kafka: {{bootstrap: "{bench.broker}"}}\nlanes: 1\nstate: {{directory: none}}\nhttp: {{listen: none}}\n'
        "model: {warmup: 300, k: 4, min_events: 1, margin: 0, certainty: 0, on_drift: ignore}\n")
    cache = bench.start_example("cache", "personalization_cache")
    table = bench.start_example("table", "current_segments")
    daemon = bench.start("daemon", SHOAL, "run", "--config", configuration)
    shop = bench.start(
        "shop", SHOAL, "simulate", "--events", SHOP_EVENTS, "--rate", 700, "--customers", 400, "--speed-up", 86_400,
        "--to", f"kafka://{bench.broker}/shoal.events")

    wait_for("the cache is filled", lambda: bench.cache.dbsize() > 100, 20)
    kill_amid_writes(bench, cache)
    require(shop.poll() is None, "the shop was to be open when the cache was killed")
    cache = bench.start_example("cache-again", "personalization_cache")
    wait_for("the table is filled", lambda: len(tabled(bench.database)) > 100, 20)
    kill_amid_transaction(bench, table, "current_segments_offsets")
    table = bench.start_example("table-again", "current_segments")
    kill_amid_transaction(bench, table, "current_segments")
    table = bench.start_example("table-at-last", "current_segments")
    require(shop.wait(timeout=20) == 0, f"the shop failed: {bench.log('shop')}")

    def erase(customer):
        output(SHOAL, "forget", "--config", configuration, customer)
        wait_for(
            f"{customer} is erased",
            lambda: customer not in segments_now(bench.records("customer-segments")), 10)

    records = [record for record in bench.records("customer-segments") if record["payload"]]
    returning, gone = records[0], records[1]
    require(returning["key"] != gone["key"], "two customers are needed")
    erase(returning["key"])
    event = json.dumps({"type": "purchase", "customer_id": returning["key"], "amount": 20})
    bench.produce("shoal.events", [(returning["key"], event)], returning["partition"])
    wait_for(
        "the erased customer is back", lambda: returning["key"] in segments_now(bench.records("customer-segments")), 10)
    erase(gone["key"])
    end(daemon)

    records = bench.records("customer-segments")
    now = segments_now(records)
    moved = sum(value["revision"] > 1 for value in now.values())
    require(len(now) > 200 and moved > 20, f"{len(now)} customers, of whom {moved} have moved, prove little")
    wait_for_equality("the cache after kill -9", lambda: cached(bench), essence(now))
    wait_for_equality("the table after kill -9", lambda: tabled(bench.database), essence(now))
    for view in cached(bench), tabled(bench.database):
        require(gone["key"] not in view, "an erased customer is still there")
        require(
            view[returning["key"]][3] > json.loads(returning["payload"])["first_seen"]
            and view[returning["key"]][4] == 1, "a customer who is back begins a new series")
    print("erased customers are gone, and one who came back is new")

    sizes = dict(bench.database.execute("SELECT segment_id, customers FROM segment_sizes").fetchall())
    require(sizes == collections.Counter(value["to"]["id"] for value in now.values()), f"the view says {sizes}")
    shares = bench.database.execute("SELECT sum(share) FROM segment_sizes").fetchone()[0]
    require(abs(shares - 1) < 1e-9, f"the shares add up to {shares}")
    print(f"segment_sizes: {sizes}")
    return cache, table, now


def check_repetition(bench, cache, table, now):
    """Old and foreign records change nothing, nor does all of the topic once more; a lost cache is filled again."""
    customer = next(key for key, value in now.items() if value["revision"] > 1)
    for topic in "segment-changes", "customer-segments":
        stale = next(record for record in bench.records(topic) if record["key"] == customer)
        require(json.loads(stale["payload"])["revision"] == 1, "the stale record is the customer's first")
        marker = json.dumps(now[customer] | {"customer_id": "marker", "change_id": "marker#1#1"})
        bench.produce(
            topic, [(customer, stale["payload"]), ("", "not JSON"), (customer, '{"schema":"other/1"}'),
                    ("marker", marker)], stale["partition"])
    expected = essence(now | {"marker": now[customer]})
    wait_for_equality("an old and two foreign records later, the cache", lambda: cached(bench), expected)
    wait_for_equality("an old and two foreign records later, the table", lambda: tabled(bench.database), expected)
    require(bench.log("cache-again").count("no segment change: ") == 2, "the cache tells of foreign records")
    require(bench.log("table-at-last").count("no segment: ") == 2, "the table tells of foreign records")

    end(cache)
    end(table)
    ends = collections.Counter(record["partition"] for record in bench.records("segment-changes"))
    bench.cache.config_resetstat()
    replay = bench.start_example("replay", "personalization_cache", "--group", "replay")
    group = Consumer({"bootstrap.servers": bench.broker, "group.id": "replay"})
    partitions = [TopicPartition("segment-changes", number) for number in ends]
    wait_for(
        "the topic is read again",
        lambda: {place.partition: place.offset for place in group.committed(partitions, timeout=10)} == ends, 20)
    group.close()
    end(replay)
    calls = bench.cache.info("commandstats")
    require(calls["cmdstat_evalsha"]["calls"] >= sum(ends.values()) - 2, f"Redis was asked too seldom: {calls}")
    writes = {"cmdstat_hset", "cmdstat_del"} & calls.keys()
    require(not writes, f"reading {sum(ends.values())} changes again wrote to Redis: {writes}")
    require(not (wrong := difference(cached(bench), expected)), f"reading all again changed the cache: {wrong}")
    print(f"the topic read again, {sum(ends.values())} records: nothing was written")

    bench.cache.flushall()
    filled = bench.start_example("fill", "personalization_cache", "--fill")
    wait_for_equality("a lost cache, filled", lambda: cached(bench), expected)
    bench.database.execute("DELETE FROM current_segments WHERE revision > 1")
    bench.database.execute("UPDATE current_segments SET customer_id = 'stranger' WHERE customer_id = 'marker'")
    table = bench.start_example("rebuild", "current_segments", "--rebuild")
    wait_for_equality("the table, rebuilt", lambda: tabled(bench.database), expected)

    standby = bench.start_example("standby", "current_segments")
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    wait_for("a second writer waits", lambda: bench.database.execute(waiting).fetchone()[0], 15)
    kill(table)
    bench.produce("customer-segments", [("late", marker.replace('"marker"', '"late"'))])
    wait_for_equality(
        "the table of the one that waited", lambda: tabled(bench.database), expected | {"late": expected["marker"]})
    return filled, standby


class Campaign:
    """Exports, and the rule computed once more."""

    FORMULAS = ["=1+1", "+1", "-1", "@x", "\uff1dx", " =1"]
    HOLDOUT = 0.3

    def __init__(self, bench, name, topic, salt="spring"):
        self.bench, self.topic, self.salt = bench, topic, salt
        self.folder = bench.folder / name
        self.folder.mkdir()
        self.contact, self.control = self.folder / "contact.csv", self.folder / "control.csv"

    def export(self, segment, **options):
        command = self.bench.example(
            "campaign_export", "--topic", self.topic, "--segment", segment, "--salt", self.salt, "--holdout",
            self.HOLDOUT, "--contact", self.contact, "--control", self.control)
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, **options)

    def bytes(self):
        return self.contact.read_bytes() + self.control.read_bytes()

    @staticmethod
    def ids(path, group):
        with open(path, newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        require({row["group"] for row in rows} <= {group}, f"{path.name} has another group than {group}")
        return [row["customer_id"] for row in rows]

    def check(self, segment, members):
        """Exports a segment, compares with the rule and returns the control group."""
        done = self.export(segment)
        require(done.returncode == 0, f"the export failed: {done.stderr}")
        contact, control = self.ids(self.contact, "treatment"), self.ids(self.control, "control")
        expected = {True: [], False: []}
        for customer in members:
            number = int(hashlib.sha256(f"{self.salt}:{customer}".encode()).hexdigest()[:16], 16)
            expected[number / 2**64 < self.HOLDOUT].append(f"'{customer}" if customer in self.FORMULAS else customer)
        require(not set(contact) & set(control), "somebody is in both groups")
        require(sorted(contact) == sorted(expected[False]), f"{segment}: whom to contact is not what the rule says")
        require(sorted(control) == sorted(expected[True]), f"{segment}: the control group is not what the rule says")
        return control


def check_campaign(bench):
    """Groups are what the rule says, twice the same; nothing is a formula; a failure leaves the files alone."""
    ids = [*Campaign.FORMULAS, "a,b", 'quote"d', "it's", *(f"k{number:05}" for number in range(2_000))]
    left = [f"left{number}" for number in range(20)]

    def record(customer, segment):
        return customer, json.dumps({
            "schema": "shoal.segment-change/1", "change_id": f"{customer}#1#1", "customer_id": customer,
            "first_seen": 1, "revision": 1, "to": {"id": segment, "name": "x"}, "at": "2026-01-05T12:00:05.123Z",
            "cause": "event", "confidence": 0.5, "distance": 1, "outlier": False,
            "model": {"version": 1, "generation": 1}})

    bench.produce("campaign", [
        *(record(customer, "s9") for customer in ids + left), *(record(customer, "s8") for customer in left[:10]),
        *((customer, None) for customer in left[10:]), (ids[-1], "not JSON")])
    campaign = Campaign(bench, "campaign", "campaign")
    control = campaign.check("s9", ids)
    sigma = math.sqrt(campaign.HOLDOUT * (1 - campaign.HOLDOUT) / len(ids))
    share = len(control) / len(ids)
    require(abs(share - campaign.HOLDOUT) < 4 * sigma, f"{share:.1%} of {len(ids)} are in control")
    for path in campaign.contact, campaign.control:
        require(path.stat().st_mode & 0o077 == 0, "others can read the files")
    before = campaign.bytes()
    for customer in campaign.FORMULAS:
        require(f"\n\"'{customer}\"".encode() in before.replace(b"\r", b""), f"{customer} is a formula")
    campaign.check("s9", ids)
    require(campaign.bytes() == before, "a second run has other groups")
    common = len(set(Campaign(bench, "summer", "campaign", "summer").check("s9", ids)) & set(control)) / len(control)
    require(common < 0.5, f"another salt leaves {common:.0%} of the same people alone")
    print(f"campaign of {len(ids)}: {share:.1%} in control, the same twice, {common:.0%} of them by another salt")

    # 4 KiB are room for neither file.
    limited = campaign.export("s9", preexec_fn=limit_files)
    require(limited.returncode != 0, "files of 4 KiB were to be too small")
    require(campaign.bytes() == before, "a failed export has changed the files")
    require(len(list(campaign.folder.iterdir())) == 2, "a failed export has left something behind")
    print("campaign: a failed export leaves the files as they were")


def check_campaign_of_shop(bench, now):
    largest = collections.Counter(value["to"]["id"] for value in now.values()).most_common(1)[0][0]
    members = [customer for customer, value in now.items() if value["to"]["id"] == largest]
    campaign = Campaign(bench, "shop", "customer-segments")
    campaign.check(largest, members)
    campaign.check("s99", [])
    print(f"campaign of {largest}: {len(members)} customers by the rule, and none of a segment without any")


def limit_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


class Receiver(http.server.ThreadingHTTPServer):
    """Takes posts and answers as it is told: a status, with headers; or not at all."""

    def __init__(self):
        self.posts, self.answers, self.released = queue.Queue(), queue.Queue(), threading.Event()
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.put((time.monotonic(), self.headers, json.loads(body)))
        status, headers = self.server.answers.get(timeout=30)
        if status is None:
            self.server.released.wait(30)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.server.posts.put((time.monotonic(), self.headers, "a redirect was followed"))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def check_webhook(bench):
    """Posts come once, whole, in order, also through refusals and kills; nothing is lost."""
    def alert(state, severity="warning", at="2026-01-22T08:59:16.800Z"):
        return {
            "schema": "shoal.drift-alert/1", "alert_id": "feature:<!here> né#1769072356800", "state": state,
            "severity": severity, "monitor": "feature", "subject": "<!here>", "direction": "up", "size": 1.22,
            "statistic": "adwin_mean", "threshold": 1.1, "reference": 28.1, "current": 34.5,
            "since": "2026-01-22T08:59:16.800Z", "at": at, "model": {"version": 680, "generation": 3},
            "advice": "See what has changed & why."}

    def tell(*alerts):
        bench.produce(
            "drift-alerts", [("", text if isinstance(text, str) else json.dumps(text)) for text in alerts])

    with Receiver() as receiver, contextlib.ExitStack() as ending:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        ending.callback(receiver.shutdown)
        ending.callback(receiver.released.set)
        url = f"http://127.0.0.1:{receiver.server_port}/hook/secret"

        def start(log, *arguments):
            return bench.start_example(
                log, "alert_webhook", "--least", "warning", *arguments, ALERT_WEBHOOK_URL=url)

        def next_post():
            try:
                return receiver.posts.get(timeout=20)
            except queue.Empty:
                raise SystemExit("FAILED: no post within 20 s")

        first = alert("raised")
        for answer in [(503, {}), (429, {"Retry-After": "2"}), (200, {})]:
            receiver.answers.put(answer)
        tell(first)
        child = start("webhook")
        posts = [next_post() for _ in range(3)]
        expected = {"text": "warning, raised: feature &lt;!here&gt;. See what has changed &amp; why.", "alert": first}
        require(all(post[2] == expected for post in posts), f"it posts {posts[0][2]}")
        require(len({post[1]["Idempotency-Key"] for post in posts}) == 1, "a post again has the same key")
        require(posts[0][1]["Content-Type"] == "application/json", "the body is JSON")
        require(0.2 < posts[1][0] - posts[0][0] < 2, "it pauses after 503")
        require(2 <= posts[2][0] - posts[1][0] < 4, "it pauses as Retry-After says")

        # Repeated, not severe enough, or foreign: passed over. More severe in the same state: told.
        worse = alert("ongoing", "critical", "2026-01-22T09:59:16.800Z")
        worst = alert("ongoing", "critical", "2026-01-22T10:59:16.800Z")
        tell(first, alert("raised", "info", "2026-01-22T09:00:00.000Z"), "not JSON", worse, worst)
        receiver.answers.put((204, {}))
        post = next_post()[2]
        require(post["alert"] == worse, f"after repeated and lesser records it posts {post}: {bench.log('webhook')}")
        print("alerts: retried with pauses, repeated and lesser ones passed over")

        # Killed while the receiver is silent: posted again, by the same key.
        receiver.answers.put((None, {}))
        silent = next_post()
        require(silent[2]["alert"] == worst, "the same state once more is told")
        kill(child)
        receiver.released.set()
        receiver.answers.put((200, {}))
        child = start("webhook-again")
        again = next_post()
        require(again[2] == silent[2], f"after kill -9 it posts {again[2]}")
        require(again[1]["Idempotency-Key"] == silent[1]["Idempotency-Key"], "with another key")
        print("alerts: killed amid a post, it posts that one again and no other")

        # A redirect is no success: it ends, and the restart begins with the same alert.
        last = alert("resolved", at="2026-01-22T11:59:16.800Z") | {"monitor": "volume", "subject": "volume"}
        receiver.answers.put((302, {"Location": url}))
        tell(last)
        require(next_post()[2]["alert"] == last, "the resolved alert is posted")
        require(child.wait(timeout=15) == 1, f"a redirect ends it with {child.returncode}")
        require("302" in bench.log("webhook-again"), "it says why it ended")
        receiver.answers.put((200, {}))
        child = start("webhook-at-last", "--text-only")
        post = next_post()[2]
        require(post == {"text": "warning, resolved: volume. See what has changed &amp; why."}, f"it posts {post}")
        wait_for("it has noted what it sent", lambda: "posted" in bench.log("webhook-at-last"), 10)
        end(child)
        require(receiver.posts.empty(), "there were more posts than alerts")
        logs = "".join(bench.log(name) for name in ["webhook", "webhook-again", "webhook-at-last"])
        require("secret" not in logs, "the address is in the log")
        print("alerts: a redirect ends it, and nothing is lost")


with contextlib.ExitStack() as everything, concurrent.futures.ThreadPoolExecutor() as threads:
    bench = Bench(everything)
    asides = [threads.submit(check, bench) for check in (check_webhook, check_campaign)]
    cache, table, now = run_shop(bench)
    check_campaign_of_shop(bench, now)
    for child in check_repetition(bench, cache, table, now):
        end(child)
    for aside in asides:
        aside.result()
