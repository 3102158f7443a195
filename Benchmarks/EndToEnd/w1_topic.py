"""A topic of W1 events, and `shoal run` reading it from the start."""

import os
import signal
import subprocess
import sys
import time

from measure import ROOT, measure

TOPIC, PARTITIONS = "w1", 4  # A given broker makes a name of its own of it.


def fill(broker, events, folder):
    file = folder / "w1.tsv"
    generator = ROOT / "Benchmarks" / "Peers" / "w1-events"
    measure([sys.executable, generator, "--events", events, "--customers", min(events, 100_000), "--keys", "--out", file])
    settings = ["-X", "queue.buffering.max.messages=1000000", "-X", "batch.num.messages=10000", "-X", "linger.ms=50"]
    measure(["kcat", "-P", "-b", broker.bootstrap, "-t", broker.own(TOPIC), "-K", "\t", *settings, "-l", file], broker.client)
    file.unlink()


def rate(events, seconds):
    """Events per second, unknown where the time is too short to mean anything."""
    return events / seconds if seconds > 0.1 else float("nan")


def configuration(broker, folder, delivery, turn, listen="none"):
    topic, name = broker.own(TOPIC), broker.own(f"{delivery}-{turn}")
    path = folder / f"{name}.yaml"
    lines = (ROOT / "Benchmarks" / "w1.yaml").read_text().splitlines(keepends=True)
    workload = "".join(line for line in lines if line.split(":")[0].strip() not in ("margin", "certainty"))
    path.write_text(
        workload
        + f"""
kafka:
  bootstrap: {broker.bootstrap}
  group: {name}
  # Tansu makes members wait for half of it at a join.
  session.timeout.ms: 6000
  auto.offset.reset: earliest
sources:
  - {{name: {topic}, topics: [{topic}]}}
lanes: 2
delivery: {delivery}
state: {{directory: {folder / (name + "-state")}}}
http: {{listen: "{listen}"}}
commit_interval: 100ms
topics: {{changes: {name}.changes, segments: {name}.segments, dead_letters: {name}.dead, summaries: {name}.summaries,
         model: {name}.model, alerts: {name}.alerts}}
"""
    )
    return path, name


def read_with_shoal(kafka, broker, shoal, events, folder, delivery, turn, listen="none"):
    """Rates from the program's start and from its first commit, and its CPU time and peak memory."""
    path, group = configuration(broker, folder, delivery, turn, listen)
    consumer = kafka.Consumer({"bootstrap.servers": broker.bootstrap, "group.id": group})
    partitions = [kafka.TopicPartition(broker.own(TOPIC), number) for number in range(PARTITIONS)]
    log = open(folder / "shoal.log", "w+")
    started = time.perf_counter()
    child = subprocess.Popen(
        [shoal, "run", "--config", path], stdout=log, stderr=log, env={**os.environ, **broker.client}
    )
    samples = []
    try:
        while True:
            offsets = [partition.offset for partition in consumer.committed(partitions, timeout=10)]
            done = sum(max(offset, 0) for offset in offsets)
            now = time.perf_counter() - started
            if done > 0 and (not samples or done > samples[-1][1]):
                samples.append((now, done))
            if done >= events:
                break
            ended = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended or now > 300:
                break
            time.sleep(0.02)
    finally:
        consumer.close()
        # Asks for the end; a process that ended before is still there to be waited for.
        os.kill(child.pid, signal.SIGTERM)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if not samples or samples[-1][1] < events or child.returncode != 0:
        log.seek(0)
        sys.stderr.write(log.read()[-4000:])
        sys.exit(f"throughput: shoal committed {samples[-1][1] if samples else 0} of {events}, exit code {child.returncode}")
    (first, before), (last, after) = samples[0], samples[-1]
    return events / last, rate(after - before, last - first), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
