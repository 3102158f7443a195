"""Keeps a PostgreSQL table of every customer's current segment, to join with whatever else is known of them.

Follows the compacted topic `customer-segments`. It makes what is missing: the table current_segments, the view
segment_sizes (customers and share of each segment), and current_segments_offsets, where it goes on.

What it guarantees:
- Exactly once: the offsets are in the transaction of the rows. At any moment the table is what the topic says up to
  the offsets beside it, whatever is killed.
- A customer's row never goes back: an upsert needs a newer (first_seen, revision). A null value deletes the row.
- One process writes. A second one waits for the first one's lock and takes over when its session ends.
It ends when Kafka or PostgreSQL is gone or says no; let a supervisor start it again.

Start it with --rebuild after it has stood still for longer than the topic's delete.retention.ms (a day unless set), as
the broker may then have dropped the null values that it has not seen, and after the topic was made anew.

    DATABASE_URL=postgresql://localhost/shop python current_segments.py --bootstrap localhost:9092
    psql shop -c 'SELECT * FROM segment_sizes'
"""

import argparse
import json
import os
import signal
import sys

import psycopg
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

SCHEMA = """
CREATE TABLE IF NOT EXISTS current_segments (
    customer_id text PRIMARY KEY, segment_id text NOT NULL, segment_name text NOT NULL, changed_at timestamptz NOT NULL,
    confidence real NOT NULL, model_version bigint NOT NULL, first_seen bigint NOT NULL, revision bigint NOT NULL);
CREATE INDEX IF NOT EXISTS current_segments_by_segment ON current_segments (segment_id);
CREATE TABLE IF NOT EXISTS current_segments_offsets (
    topic text, partition_number integer, next_offset bigint NOT NULL, PRIMARY KEY (topic, partition_number));
CREATE OR REPLACE VIEW segment_sizes AS
    SELECT segment_id, (array_agg(segment_name ORDER BY model_version DESC))[1] AS newest_name,
           count(*) AS customers, count(*) / sum(count(*)) OVER () AS share
    FROM current_segments GROUP BY segment_id;
"""
UPSERT = """
INSERT INTO current_segments VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (customer_id) DO UPDATE SET
    segment_id = excluded.segment_id, segment_name = excluded.segment_name, changed_at = excluded.changed_at,
    confidence = excluded.confidence, model_version = excluded.model_version,
    first_seen = excluded.first_seen, revision = excluded.revision
WHERE (excluded.first_seen, excluded.revision) > (current_segments.first_seen, current_segments.revision)
"""
ADVANCE = """
INSERT INTO current_segments_offsets VALUES (%s, %s, %s)
ON CONFLICT (topic, partition_number) DO UPDATE SET next_offset = excluded.next_offset
"""


def row(message):
    """The row that a record stands for; None, and a word about it, for a record of somebody else's."""
    try:
        segment = json.loads(message.value())
        if segment["schema"] == "shoal.segment-change/1":
            return (segment["customer_id"], segment["to"]["id"], segment["to"]["name"], segment["at"],
                    segment["confidence"], segment["model"]["version"], segment["first_seen"], segment["revision"])
    except (ValueError, TypeError, KeyError):
        pass
    print(f"no segment: {message.topic()} {message.partition()} {message.offset()}", file=sys.stderr)


def write(connection, messages):
    """Applies a batch and moves the offsets, both or neither. Of a customer's rows in it only the newest counts."""
    newest, offsets = {}, {}
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        offsets[message.topic(), message.partition()] = message.offset() + 1
        if message.value() is None and message.key() is not None:
            newest[message.key()] = None
        elif values := row(message):
            known = newest.get(message.key())
            if known is None or values[-2:] > known[-2:]:
                newest[message.key()] = values
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(UPSERT, [values for values in newest.values() if values])
        gone = [key.decode() for key, values in newest.items() if values is None]
        cursor.execute("DELETE FROM current_segments WHERE customer_id = ANY(%s)", (gone,))
        cursor.executemany(ADVANCE, [(*place, offset) for place, offset in offsets.items()])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topic", default="customer-segments")
    parser.add_argument("--rebuild", action="store_true", help="empty the table and read the topic from its beginning")
    parser.add_argument("--properties", help="a file of librdkafka's properties, one name=value a line: TLS, passwords")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())

    # The lock belongs to the session that writes, so whoever has lost it cannot write either.
    connection = psycopg.connect(os.environ.get("DATABASE_URL", ""), autocommit=True)
    connection.execute("SELECT pg_advisory_lock(hashtext('current_segments'))")
    with connection.transaction():
        connection.execute(SCHEMA)
        if arguments.rebuild:
            connection.execute("TRUNCATE current_segments, current_segments_offsets")
    known = dict(connection.execute(
        "SELECT partition_number, next_offset FROM current_segments_offsets WHERE topic = %s", (arguments.topic,)))

    # No group shares this work out, so partitions are assigned by hand. A place that the topic does not have is an
    # error, not a reason to go on elsewhere.
    settings = {
        "bootstrap.servers": arguments.bootstrap, "group.id": "current-segments", "isolation.level": "read_committed",
        "enable.auto.commit": False, "auto.offset.reset": "error"}
    if arguments.properties:
        with open(arguments.properties) as lines:
            settings |= dict(line.strip().split("=", 1) for line in lines if "=" in line and line[0] != "#")
    consumer = Consumer(settings)
    partitions = consumer.list_topics(arguments.topic, timeout=30).topics[arguments.topic].partitions
    consumer.assign([
        TopicPartition(arguments.topic, number, known.get(number, OFFSET_BEGINNING)) for number in partitions])
    try:
        while True:
            if messages := consumer.consume(1000, timeout=0.2):
                write(connection, messages)
    finally:
        consumer.close()


if __name__ == "__main__":
    main()
