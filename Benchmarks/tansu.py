"""What the benchmark scripts share about brokers: Tansu, in memory on loopback, and the client library it needs."""

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


class GivenBroker:
    """A broker that somebody else runs, with the client library of this machine."""

    def __init__(self, bootstrap):
        self.bootstrap, self.client = bootstrap, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class Broker:
    """Tansu on a free port, stopped when the block ends.

    `advertised` is the port that it tells clients to use, for one who listens in between.
    """

    def __init__(self, folder, advertised=None):
        self.environment = {**os.environ, "SHOAL_TANSU_STATE": str(folder / "tansu")}
        self.port = free_port()
        self.advertised = advertised or self.port
        self.bootstrap = f"127.0.0.1:{self.advertised}"

    def __enter__(self):
        self.command("start", self.port, self.advertised)
        self.client = {"LD_LIBRARY_PATH": self.command("client")}
        return self

    def __exit__(self, *_):
        self.command("stop")

    def command(self, *words):
        # Into a file: the broker keeps what it was given as standard output open.
        with tempfile.TemporaryFile("w+") as output:
            subprocess.run([TANSU, *map(str, words)], check=True, stdout=output, env=self.environment)
            output.seek(0)
            return output.read().strip()
