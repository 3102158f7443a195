"""Compares what a run with faults left in its topics with what a run without any left in its own."""

import collections
import json


def read_all(kafka, broker, topic, partitions):
    """Every record of a topic in the order of its partitions: (partition, key, value, headers)."""
    consumer = kafka.Consumer(
        {
            "bootstrap.servers": broker.bootstrap,
            "group.id": "faults-oracle",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.assign([kafka.TopicPartition(topic, number, 0) for number in range(partitions)])
    records, left = [], partitions
    while left:
        message = consumer.poll(30)
        if message is None:
            raise SystemExit(f"faults: {topic} cannot be read to its end")
        if message.error():
            left -= message.error().code() == kafka.KafkaError._PARTITION_EOF
            continue
        records.append((message.partition(), message.key(), message.value(), dict(message.headers() or [])))
    consumer.close()
    return records


class Outputs:
    """Changes, current segments and dead letters of one run, each as `read_all` gives them."""

    @classmethod
    def read(cls, kafka, broker, topics, partitions):
        return cls(*(read_all(kafka, broker, topics[role], partitions) for role in ("changes", "segments", "dead_letters")))

    def __init__(self, changes, segments, letters):
        self.order = collections.defaultdict(list)
        self.changes = {}
        self.repeats = self.conflicts = 0
        for _, key, value, _ in changes:
            change = json.loads(value)
            identity = change["change_id"]
            if identity in self.changes:
                if self.changes[identity] == change:
                    self.repeats += 1
                else:
                    self.conflicts += 1
            self.changes[identity] = change
            revisions = self.order[key]
            # A change that is told again takes the place of the one before, as a reader who follows ids sees it.
            if change["revision"] in revisions:
                revisions.remove(change["revision"])
            revisions.append(change["revision"])
        self.segments = {}
        for _, key, value, _ in segments:
            self.segments[key] = json.loads(value) if value else None
        self.letters = collections.Counter(
            (headers["shoal.topic"], headers["shoal.partition"], headers["shoal.offset"])
            for _, _, _, headers in letters
        )


def anomalies(run, reference, strict):
    """Counts of what went wrong, by letter, and how often something was seen twice.

    `strict` is for brokers that hide aborted records from readers; others show them, so that a repeat is only wrong if
    it says something else.
    """
    missing = [identity for identity in reference.changes if identity not in run.changes]
    strange = [identity for identity in run.changes if identity not in reference.changes]
    different = [i for i, change in run.changes.items() if i in reference.changes and reference.changes[i] != change]
    letters_missing = [place for place in reference.letters if place not in run.letters]
    letters_strange = [place for place in run.letters if place not in reference.letters]
    letters_repeated = sum(count - 1 for count in run.letters.values())
    states = [
        key for key in reference.segments.keys() | run.segments.keys() if run.segments.get(key) != reference.segments.get(key)
    ]
    counts = {
        "L": len(missing) + len(letters_missing),
        "D": len(strange) + len(letters_strange) + (run.conflicts + run.repeats + letters_repeated if strict else 0),
        "O": sum(revisions != list(range(1, len(revisions) + 1)) for revisions in run.order.values()),
        "A": len(different),
        "S": len(states),
    }
    examples = {
        "missing": missing[:3],
        "strange": strange[:3],
        "different": [(run.changes[i], reference.changes[i]) for i in different[:2]],
        "states": [(run.segments.get(key), reference.segments.get(key)) for key in states[:2]],
    }
    return counts, run.repeats + letters_repeated, run.conflicts, examples
