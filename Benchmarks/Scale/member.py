"""A plain member of a group: says when it begins, and whenever it is given partitions, until it is killed.

Usage: member.py BOOTSTRAP GROUP TOPIC SESSION_MS HEARTBEAT_MS static|dynamic

A program of its own, because only a process can be killed. It begins when Python and the client library are loaded.
"""

import sys
import time

import confluent_kafka


def say(word):
    print(f"{time.time():.3f} {word}", flush=True)


def main():
    bootstrap, group, topic, session_ms, heartbeat_ms, membership = sys.argv[1:]
    say("begun")
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            **({"group.instance.id": f"{group}-member"} if membership == "static" else {}),
            "session.timeout.ms": session_ms,
            "heartbeat.interval.ms": heartbeat_ms,
            "partition.assignment.strategy": "range",
        }
    )
    consumer.subscribe([topic], on_assign=lambda _, partitions: partitions and say("assigned"))
    while True:
        consumer.poll(0.1)


if __name__ == "__main__":
    main()
