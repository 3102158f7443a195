"""W1 events sent by the clock, and where in the topic each of them is found again."""

import array
import fcntl
import hashlib
import mmap
import os
import pathlib
import subprocess
import sys
import threading
import time

from measure import ROOT, measure
from w1_topic import PARTITIONS, TOPIC

GENERATOR = ROOT / "Benchmarks" / "Peers" / "w1-events"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "shoal" / "w1"
TICK_SECONDS = 0.001


def murmur2(data):
    """The hash of Kafka's default partitioner: MurmurHash2, 32 bits, with Kafka's seed."""
    multiplier, mask = 0x5BD1E995, 0xFFFFFFFF
    result = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * multiplier & mask
        word = (word ^ word >> 24) * multiplier & mask
        result = result * multiplier & mask ^ word
    if whole < len(data):
        result = (result ^ int.from_bytes(data[whole:], "little")) * multiplier & mask
    result = (result ^ result >> 13) * multiplier & mask
    return result ^ result >> 15


# From the tests of Kafka's own client.
assert murmur2(b"foobar") == -790332482 & 0xFFFFFFFF
assert murmur2(b"a-little-bit-long-string") == -985981536 & 0xFFFFFFFF


def cached_events(events, customers):
    """A file of events, each after its key and a tab; kept, because writing one takes 25 µs an event."""
    version = hashlib.sha256(GENERATOR.read_bytes()).hexdigest()[:12]
    path = CACHE / f"{version}-{events}-{customers}.tsv"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.iterdir():
            if not old.name.startswith(version):
                old.unlink()
        part = path.with_suffix(f".{os.getpid()}")
        try:
            print(f"writing {events} events to {path}, once", file=sys.stderr)
            measure([sys.executable, GENERATOR, "--events", events, "--customers", customers, "--keys", "--out", part])
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    return path


class Events:
    """The events in the order of their sending: bytes, customers, and the places they get in the topic.

    One producer sends them in order, and Kafka's partitioner puts each where its key says, so that the offset `n` of a
    partition is its `n`th event, and the time it was meant to be sent at follows without a stamp in the record.
    """

    def __init__(self, path):
        self.ends, self.keys = array.array("q", [0]), []
        self.by_place = [array.array("i") for _ in range(PARTITIONS)]
        partitions, position = {}, 0
        with open(path, "rb") as file:
            for index, line in enumerate(file):
                key = sys.intern(line[: line.index(b"\t")].decode())
                if key not in partitions:
                    partitions[key] = (murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS
                self.by_place[partitions[key]].append(index)
                self.keys.append(key)
                position += len(line)
                self.ends.append(position)
            self.bytes = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def ends_of_partitions(self):
        return [len(indices) for indices in self.by_place]

    def lines(self, first, end):
        return self.bytes[self.ends[first] : self.ends[end]]


def start_producer(broker):
    """kcat, which sends every line of its standard input."""
    settings = ["-X", "partitioner=murmur2_random", "-X", f"linger.ms={broker.linger_milliseconds}"]
    producer = subprocess.Popen(
        ["kcat", "-P", "-b", broker.bootstrap, "-t", broker.own(TOPIC), "-K", "\t", *settings, "-l", "/dev/stdin"],
        stdin=subprocess.PIPE,
        env={**os.environ, **broker.client},
    )
    # A megabyte is 40 ms at 100,000 events a second: what kcat may leave before the clock's thread waits for it.
    fcntl.fcntl(producer.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)
    return producer


def send_at_once(broker, events, end):
    """The first events, as fast as they go."""
    producer = start_producer(broker)
    try:
        producer.communicate(events.lines(0, end))
    finally:
        producer.kill()
        if producer.wait() != 0:
            sys.exit(f"latency: kcat ended with {producer.returncode}")


class PacedLoad(threading.Thread):
    """Sends the events from `first` on at an even rate from `start` on, whatever becomes of them.

    Every millisecond, what is due goes into the producer's pipe. What could not go in time goes as soon as it can; the
    times in `due` do not change for that.
    """

    def __init__(self, broker, events, first, rate, start):
        super().__init__(daemon=True)
        self.broker, self.events, self.first, self.rate, self.start_time = broker, events, first, rate, start
        self.count = len(events.keys) - first
        self.end_time = start + self.count / rate
        self.latest = 0.0
        self.is_stopped = threading.Event()
        self.producer = start_producer(broker)

    def due(self, index):
        return self.start_time + (index - self.first) / self.rate

    def due_count(self, now):
        """How many should have been sent."""
        return min(max(int((now - self.start_time) * self.rate) + 1, 0), self.count)

    def run(self):
        sent, tick = 0, self.start_time
        try:
            while sent < self.count and not self.is_stopped.is_set():
                time.sleep(max(0, tick - time.monotonic()))
                now = time.monotonic()
                count = self.due_count(now)
                if count > sent:
                    rest = self.events.lines(self.first + sent, self.first + count)
                    while rest:
                        rest = rest[os.write(self.producer.stdin.fileno(), rest) :]
                    self.latest = max(self.latest, time.monotonic() - self.due(self.first + sent))
                    sent = count
                # Ticks that were slept through are left out.
                tick = max(tick + TICK_SECONDS, now)
            self.producer.stdin.close()
        except BrokenPipeError:
            pass  # The producer's exit code says it.

    def finish(self):
        self.join()
        if self.producer.wait() != 0:
            sys.exit(f"latency: kcat ended with {self.producer.returncode}")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_stopped.set()
        self.producer.kill()
        self.join()
        self.producer.wait()
