"""Keeps every customer's segment in Redis, for pages and engines that need it at once.

Follows `segment-changes` and keeps one hash per customer, shoal:segment:<customer_id>, with the fields segment, name,
at, confidence, model_version, change_id, first_seen and revision. A customer who is erased or evicted has no hash.

What it guarantees:
- Only committed changes are read, and their offsets are committed after Redis has them: a crash repeats, never skips.
- What is repeated or comes out of order changes nothing. Redis compares (first_seen, revision) and writes in one step,
  also while two processes write during a rebalance. So that an old change cannot bring an erased customer back, a mark,
  shoal:erased:<customer_id>, stays for an hour.
- Several processes of one --group share the partitions.
It ends when Kafka or Redis is gone for long or says no; let a supervisor start it again.

Start it with --fill for the first time, and after Redis has lost its data: `segment-changes` goes back only as far as
its retention, so then the compacted `customer-segments` is read to its end first.

    REDIS_URL=redis://localhost:6379/0 python personalization_cache.py --bootstrap localhost:9092 --fill
    redis-cli hget shoal:segment:c42 segment
"""

import argparse
import json
import os
import signal
import sys

import redis
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

# KEYS: the customer's hash and mark. ARGV: seconds that a mark stays, first_seen, revision, then the hash's other
# fields and values; none if the customer is gone. Both numbers are below 2^53, so Lua's doubles hold them.
APPLY = """
for _, key in ipairs(KEYS) do
  local known = redis.call('HMGET', key, 'first_seen', 'revision')
  if known[1] then
    local newer = tonumber(ARGV[2]) - tonumber(known[1])
    if newer == 0 then newer = tonumber(ARGV[3]) - tonumber(known[2]) end
    if newer <= 0 then return 0 end
  end
end
if #ARGV > 3 then
  redis.call('HSET', KEYS[1], 'first_seen', ARGV[2], 'revision', ARGV[3], unpack(ARGV, 4))
else
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[2], 'first_seen', ARGV[2], 'revision', ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[1])
end
return 1
"""
MARK_SECONDS = 3600


def read(message):
    """The change in a record; None, and a word about it, for a record of somebody else's."""
    if message.error():
        raise KafkaException(message.error())
    try:
        change = json.loads(message.value())
        if change["schema"] == "shoal.segment-change/1":
            return change
    except (ValueError, TypeError, KeyError):
        pass
    print(f"no segment change: {message.topic()} {message.partition()} {message.offset()}", file=sys.stderr)


def write(cache, changes):
    pipeline = cache.pipeline(transaction=False)
    apply = pipeline.register_script(APPLY)
    for change in changes:
        fields, to, customer = [], change["to"], change["customer_id"]
        if to:
            fields = ["segment", to["id"], "name", to["name"], "at", change["at"], "confidence", change["confidence"],
                      "model_version", change["model"]["version"], "change_id", change["change_id"]]
        apply([f"shoal:segment:{customer}", f"shoal:erased:{customer}"],
              [MARK_SECONDS, change["first_seen"], change["revision"], *fields])
    pipeline.execute()


def newest(consumer, topic, number):
    """The newest record of each customer of a partition, by key."""
    values = {}
    end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)[1]
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING)])
    while True:
        for message in consumer.consume(1000, timeout=1):
            if message.error() and message.error().code() == KafkaError._PARTITION_EOF:
                return values
            if not message.error() and message.value() is None:
                values.pop(message.key(), None)
            elif change := read(message):
                known = values.setdefault(message.key(), change)
                if (change["first_seen"], change["revision"]) > (known["first_seen"], known["revision"]):
                    values[message.key()] = change
            if message.offset() + 1 >= end:
                return values


def fill(cache, settings, topic):
    """Writes what the compacted topic has now, a partition at a time, as it must be in memory."""
    consumer = Consumer(settings | {"enable.partition.eof": True})
    count = 0
    for number in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
        changes = list(newest(consumer, topic, number).values())
        for start in range(0, len(changes), 1000):
            write(cache, changes[start:start + 1000])
        count += len(changes)
    consumer.close()
    print(f"filled with {count} customers", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topic", default="segment-changes")
    parser.add_argument("--group", default="personalization-cache")
    parser.add_argument("--fill", action="store_true", help="read --segments-topic first")
    parser.add_argument("--segments-topic", default="customer-segments")
    parser.add_argument("--properties", help="a file of librdkafka's properties, one name=value a line: TLS, passwords")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())

    settings = {
        "bootstrap.servers": arguments.bootstrap, "group.id": arguments.group, "isolation.level": "read_committed",
        "enable.auto.commit": False, "auto.offset.reset": "earliest"}
    if arguments.properties:
        with open(arguments.properties) as lines:
            settings |= dict(line.strip().split("=", 1) for line in lines if "=" in line and line[0] != "#")
    cache = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0"))
    if arguments.fill:
        fill(cache, settings, arguments.segments_topic)

    consumer = Consumer(settings)
    consumer.subscribe([arguments.topic])
    try:
        while True:
            messages = consumer.consume(500, timeout=0.05)
            changes = [change for change in map(read, messages) if change]
            if changes:
                write(cache, changes)
            if messages:
                # Not waited for: what a lost commit repeats changes nothing.
                consumer.commit(asynchronous=True)
    finally:
        consumer.close()


if __name__ == "__main__":
    main()
