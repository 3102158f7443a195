"""Writes the customers of one segment to two CSV files: whom to contact, and a control group to leave alone.

Reads `customer-segments` from its beginning to its end and takes the last record of each customer.

What it guarantees:
- A customer's group depends on salt and id alone. With the first 8 bytes of SHA-256(salt + ":" + customer_id), both in
  UTF-8, as a big-endian number n: control if n < holdout · 2^64, else treatment. So it is the same in every run; keep
  salt and holdout as long as a campaign is measured, and use another salt for the next, or the same people will always
  be left alone.
- Nobody is in both files, and the file of whom to contact has none of the control group.
- A file is replaced as a whole or not at all, and neither is touched unless the topic was read to its end. Only their
  owner can read them. A segment that nobody is in gives files without customers.
- No id is a formula to a spreadsheet: one that begins with = + - @ or white space gets an apostrophe in front, and all
  cells are quoted.

    python campaign_export.py --bootstrap localhost:9092 --segment s3 --salt spring-2026 --holdout 0.1 \\
        --contact contact.csv --control control.csv
"""

import argparse
import contextlib
import csv
import hashlib
import json
import os
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

# What a spreadsheet takes for the beginning of a formula, full width included.
FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def is_control(customer, salt, holdout):
    digest = hashlib.sha256(f"{salt}:{customer}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < holdout * 2**64


def members(settings, topic, segment):
    """The last record of each customer who is in the segment now, by key."""
    consumer = Consumer(settings | {
        "group.id": "campaign-export", "isolation.level": "read_committed", "enable.auto.commit": False,
        "auto.offset.reset": "earliest", "enable.partition.eof": True})
    try:
        description = consumer.list_topics(topic, timeout=30).topics[topic]
        if description.error:
            raise KafkaException(description.error)
        unread = {
            number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)[1]
            for number in description.partitions}
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in unread])
        found = {}
        while unread:
            # The end of a partition is where it was at the start, or where nothing is left: whichever comes first.
            for message in consumer.consume(1000, timeout=1):
                if message.error():
                    if message.error().code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(message.error())
                    unread.pop(message.partition(), None)
                    continue
                try:
                    record = json.loads(message.value() or "null")
                    if record and record["to"]["id"] == segment:
                        found[message.key()] = record
                    else:
                        found.pop(message.key(), None)
                except (ValueError, TypeError, KeyError):
                    print(f"no segment: {topic} {message.partition()} {message.offset()}", file=sys.stderr)
                if message.offset() + 1 >= unread.get(message.partition(), 0):
                    unread.pop(message.partition(), None)
        return found
    finally:
        consumer.close()


def harmless(cell):
    return f"'{cell}" if cell[:1] in FORMULA_SIGNS or cell[:1].isspace() else cell


def write(path, group, records):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, quoting=csv.QUOTE_ALL)
        lines.writerow(["customer_id", "group", "segment_id", "changed_at"])
        for record in records:
            lines.writerow([harmless(record["customer_id"]), group, record["to"]["id"], record["at"]])
        file.flush()
        os.fsync(file.fileno())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topic", default="customer-segments")
    parser.add_argument("--segment", required=True, help="its id, as s3")
    parser.add_argument("--salt", required=True, help="a word of this campaign's own")
    parser.add_argument("--holdout", type=float, default=0.1, help="the control group's share")
    parser.add_argument("--contact", required=True, help="the file of the treatment group")
    parser.add_argument("--control", required=True, help="the file of the control group")
    parser.add_argument("--properties", help="a file of librdkafka's properties, one name=value a line: TLS, passwords")
    arguments = parser.parse_args()
    if not 0 <= arguments.holdout < 1 or not arguments.salt:
        sys.exit("--holdout must be from 0 to below 1, and --salt not empty")
    if os.path.realpath(arguments.contact) == os.path.realpath(arguments.control):
        sys.exit("--contact and --control must be two files")

    settings = {"bootstrap.servers": arguments.bootstrap}
    if arguments.properties:
        with open(arguments.properties) as lines:
            settings |= dict(line.strip().split("=", 1) for line in lines if "=" in line and line[0] != "#")
    groups = {"control": [], "treatment": []}
    for record in members(settings, arguments.topic, arguments.segment).values():
        is_held = is_control(record["customer_id"], arguments.salt, arguments.holdout)
        groups["control" if is_held else "treatment"].append(record)

    files = {"control": arguments.control, "treatment": arguments.contact}
    try:
        for group, path in files.items():
            write(f"{path}.new", group, groups[group])
        for path in files.values():
            os.replace(f"{path}.new", path)
    finally:
        for path in files.values():
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{path}.new")
    print(f"{arguments.segment}: {len(groups['treatment'])} to contact, {len(groups['control'])} in control")


if __name__ == "__main__":
    main()
