"""What the benchmark scripts share about brokers: one that is given, or Tansu in memory, and the client library."""

import itertools
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

from measure import ROOT

TANSU = ROOT / "Deploy" / "tansu"


def with_client_library():
    """The module of the client that Tansu's folder holds; restarts this script with that folder's Python if need be."""
    try:
        import confluent_kafka

        return confluent_kafka
    except ImportError:
        client = subprocess.run([TANSU, "client"], check=True, capture_output=True, text=True).stdout.strip()
        python = pathlib.Path(client).parent / "venv" / "bin" / "python"
        name = pathlib.Path(sys.argv[0]).name
        if pathlib.Path(sys.executable) == python:
            sys.exit(f"{name}: {python} has no confluent_kafka; remove {pathlib.Path(client).parent} and run again")
        os.execv(python, [python, *sys.argv])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def broker_at_hand(folder, advertised=None):
    """The broker that SHOAL_KAFKA_BROKERS names, or else a Tansu with its files in the folder."""
    given = os.environ.get("SHOAL_KAFKA_BROKERS")
    return GivenBroker(given, advertised) if given else Broker(folder, advertised)


class GivenBroker:
    """A broker that somebody else runs, with the client library of this machine.

    It keeps what earlier runs left, so that names get an ending of the block's own, and topics with it are deleted at
    its end. `advertised` is the port of this machine that it tells clients to use, for one who listens in between.
    """

    name, process, wakes_readers = "the given broker", None, True
    linger_milliseconds = 5  # The client library's own.
    shows_overlapping_transactions = True
    numbers = itertools.count(1)

    def __init__(self, bootstrap, advertised=None):
        self.port = int(bootstrap.rpartition(":")[2]) if advertised else None
        self.bootstrap, self.client = f"127.0.0.1:{advertised}" if advertised else bootstrap, {}
        self.ending = f"-{os.getpid()}-{next(self.numbers)}"

    def __enter__(self):
        import confluent_kafka.admin

        self.kafka = confluent_kafka.admin
        self.admin = self.kafka.AdminClient({"bootstrap.servers": self.bootstrap})
        return self

    def __exit__(self, *_):
        left = [topic for topic in self.admin.list_topics(timeout=30).topics if self.ending in topic]
        if left:
            self.await_all(self.admin.delete_topics(left))

    def own(self, name):
        """A name that nobody else uses for a topic or a group; others may be made by putting words behind it."""
        return name + self.ending

    def make_topic(self, name, partitions):
        self.await_all(self.admin.create_topics([self.kafka.NewTopic(name, partitions, 1)]))

    @staticmethod
    def await_all(answers):
        for answer in answers.values():
            answer.result(30)


class Broker:
    """Tansu on a free port, stopped when the block ends, with all that it held.

    `advertised` is the port that it tells clients to use, for one who listens in between.
    """

    name, wakes_readers = "Tansu", False
    # Its work for a fetch grows with the batches that a partition holds: at 20,000 events a second it takes a whole
    # core after 15 s of batches that were gathered for 5 ms, and a third of one, for good, with 20 ms.
    linger_milliseconds = 20
    # It does so once none is open in their partition.
    shows_overlapping_transactions = False

    def __init__(self, folder, advertised=None):
        self.state = folder / "tansu"
        self.environment = {**os.environ, "SHOAL_TANSU_STATE": str(self.state)}
        self.port = free_port()
        self.advertised = advertised or self.port
        self.bootstrap = f"127.0.0.1:{self.advertised}"

    def __enter__(self):
        self.command("start", self.port, self.advertised)
        self.client = {"LD_LIBRARY_PATH": self.command("client")}
        return self

    def __exit__(self, *_):
        self.command("stop")

    @property
    def process(self):
        return int((self.state / "pid").read_text())

    @staticmethod
    def own(name):
        return name

    def make_topic(self, name, partitions):
        self.command("topic", name, partitions)

    def command(self, *words):
        # Into a file: the broker keeps what it was given as standard output open.
        with tempfile.TemporaryFile("w+") as output:
            subprocess.run([TANSU, *map(str, words)], check=True, stdout=output, env=self.environment)
            output.seek(0)
            return output.read().strip()
