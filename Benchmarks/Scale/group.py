"""What the benchmarks of a group share: processes of Shoal in it, what it has committed, and events meanwhile."""

import datetime
import os
import pathlib
import re
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
PARTITIONS, LANES = 4, 2
OUTPUTS = ("changes", "segments", "dead_letters", "summaries", "model", "alerts")
COMMIT_SECONDS, SAMPLE_SECONDS = 0.1, 0.02
# Events that the broker is ahead of the group while customers are filled in: what it has to keep in memory.
AHEAD_MAX = 30_000
LINE = re.compile(r"(\S+Z) +\w+ +(lane \d+): (.*)")
WORDS = ("gave up", "customers from", "assigned", "recovered")


class Fault(Exception):
    """What makes a measurement worthless."""


class Instance:
    """One process of Shoal, with the features and the model of `scale.yaml`.

    `name` is that of its files, `topic` that of the input and of the group, with which those of the outputs begin.
    `kafka` and `rest` are what else is set.
    """

    def __init__(self, name, topic, options, broker, folder, kafka, rest):
        self.name, self.log = name, folder / f"{name}.log"
        path = folder / f"{name}.yaml"
        properties = {
            "bootstrap": broker.bootstrap,
            "group": topic,
            "session.timeout.ms": options.session_ms,
            "heartbeat.interval.ms": options.heartbeat_ms,
            **kafka,
        }
        settings = {
            "sources": f"[{{name: {topic}, topics: [{topic}]}}]",
            "topics": "{" + ", ".join(f"{role}: {topic}.{role}" for role in OUTPUTS) + "}",
            "lanes": LANES,
            "http": "{listen: none}",
            "commit_interval": f"{round(COMMIT_SECONDS * 1000)}ms",
            **rest,
        }
        path.write_text(
            (HERE / "scale.yaml").read_text()
            + "\nkafka:\n"
            + "".join(f"  {key}: {value}\n" for key, value in properties.items())
            + "".join(f"{key}: {value}\n" for key, value in settings.items())
        )
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                [options.shoal, "run", "--config", path], stdout=log, stderr=log, env={**os.environ, **broker.client}
            )

    def lines(self, since):
        """Time, lane and words of what its lanes have said."""
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            match = LINE.match(line)
            if not match:
                continue
            at = datetime.datetime.fromisoformat(match[1].replace("Z", "+00:00")).timestamp()
            if at >= since:
                found.append((at, f"{self.name} {match[2]}", match[3]))
        return found

    def check(self):
        if self.child.poll() is not None:
            raise Fault(f"{self.name} ended with {self.child.returncode}")

    def end(self):
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait(60)


class Sampler(threading.Thread):
    """When each partition's committed offset was seen to grow, of the topic that has the group's name."""

    def __init__(self, kafka, broker, group):
        super().__init__(daemon=True)
        settings = {"bootstrap.servers": broker.bootstrap, "group.id": group}
        self.consumer, self.kafka = kafka.Consumer(settings), kafka
        self.places = [kafka.TopicPartition(group, number) for number in range(PARTITIONS)]
        self.offsets, self.seen, self.slowest = [0] * PARTITIONS, [[] for _ in range(PARTITIONS)], 0.0
        self.answered, self.trouble, self.is_ending = time.time(), None, False

    def run(self):
        while not self.is_ending:
            started = time.time()
            try:
                answer = self.consumer.committed(self.places, timeout=5)
            except self.kafka.KafkaException as error:
                self.trouble = error
                time.sleep(SAMPLE_SECONDS)
                continue
            now = self.answered = time.time()
            self.slowest = max(self.slowest, now - started)
            for place in answer:
                if place.offset > self.offsets[place.partition]:
                    self.offsets[place.partition] = place.offset
                    self.seen[place.partition].append(now)
            time.sleep(max(0, SAMPLE_SECONDS - (now - started)))

    def end(self):
        self.is_ending = True
        self.join()
        self.consumer.close()

    def words(self):
        """What there is to say where offsets do not grow."""
        trouble = f"; the last trouble was: {self.trouble}" if self.trouble else ""
        return f"offsets {self.offsets}, answered {time.time() - self.answered:.1f} s ago{trouble}"

    def gaps(self, since, until):
        """Per partition: the times between two growths of which the later one lies in this span."""
        found = []
        for times in self.seen:
            pairs = zip(times, times[1:])
            found.append([(after - before, before) for before, after in pairs if since < after <= until])
        return found

    def recent(self, since):
        return all(times and times[-1] > since for times in self.seen)


class Feeder:
    """Sends a file's events: as fast as they are taken, and later at a steady rate from a thread of its own."""

    def __init__(self, kafka, broker, topic, linger_ms=5):
        settings = {
            "bootstrap.servers": broker.bootstrap,
            "partitioner": "murmur2_random",
            "linger.ms": linger_ms,
            "queue.buffering.max.messages": 200_000,
        }
        self.producer, self.topic = kafka.Producer(settings), topic
        self.sent, self.is_ending, self.thread = 0, False, None

    def send(self, line):
        start = line.index(b'"customer_id":"') + 15
        self.producer.produce(self.topic, line.rstrip(), key=line[start : start + 12])
        self.sent += 1

    def fill(self, path, sampler, first, seconds=600):
        end = time.time() + seconds
        with open(path, "rb") as file:
            for line in file:
                self.send(line)
                if self.sent % 1_000 == 0:
                    self.producer.poll(0)
                while self.sent - sum(sampler.offsets) > AHEAD_MAX:
                    first.check()
                    if time.time() > end:
                        raise Fault(f"{sum(sampler.offsets)} of {self.sent} events are committed")
                    self.producer.poll(0.005)
        self.producer.flush(60)

    def go_on(self, path, rate):
        self.thread = threading.Thread(target=self.steadily, args=(path, rate), daemon=True)
        self.thread.start()

    def steadily(self, path, rate):
        started, count = time.monotonic(), 0
        with open(path, "rb") as file:
            for line in file:
                if self.is_ending:
                    return
                self.send(line)
                count += 1
                wait = started + count / rate - time.monotonic()
                self.producer.poll(max(0, wait))
                if wait > 0.002:
                    time.sleep(max(0, started + count / rate - time.monotonic()))

    def end(self):
        self.is_ending = True
        if self.thread:
            self.thread.join()
        self.producer.flush(10)


def settle(sampler, instances, since, seconds, options):
    """Waits until every partition is committed again, and has been for a while."""
    end = time.time() + 120
    while time.time() < end:
        for instance in instances:
            instance.check()
        if time.time() > since + seconds and sampler.recent(time.time() - 0.5):
            if options.quiet < time.time() - max(
                (line[0] for instance in instances for line in instance.lines(since) if line[2].startswith(WORDS)),
                default=since,
            ):
                return time.time()
        time.sleep(0.1)
    raise Fault(f"two minutes later partitions still stand still; {sampler.words()}")
