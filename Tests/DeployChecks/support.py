"""What the checks share: a running demo, free ports, waiting with a deadline, and saying what is wrong."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SHOAL = os.environ["SHOAL"]
DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "Deploy"
TOKEN = "token-of-the-deploy-checks"

# Whoever ends a check ends what it has started: without this, `finally` is skipped.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("FAILED: ended from outside"))


def require(condition, message):
    if not condition:
        raise SystemExit(f"FAILED: {message}")


def wait_for(what, condition, seconds):
    """Asks again and again until it holds; returns what it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise SystemExit(f"FAILED: not within {seconds} s: {what}")


def free_port():
    """A port of this machine's loopback that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def output(*command, **options):
    """What a command prints; the check fails if the command does."""
    options = {"timeout": 60} | options
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    require(done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def process(*command, log, **options):
    """A command that runs in the background until the block ends; what it says goes to the file `log`."""
    with open(log, "w") as sink:
        child = subprocess.Popen([str(part) for part in command], stdout=sink, stderr=sink, **options)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Demo:
    """A running demo: its HTTP address and its broker's."""

    def __init__(self, child, log, url):
        self.child, self.log, self.url = child, log, url
        pattern = re.compile(r"kcat .*-b (\S+)")
        self.broker = self.wait_for("its broker's address", lambda: pattern.search(log.read_text())).group(1)

    def wait_for(self, what, condition, seconds=30):
        def condition_while_alive():
            require(self.child.poll() is None, f"the demo has ended:\n{self.log.read_text()}")
            return condition()

        return wait_for(what, condition_while_alive, seconds)

    def get(self, path):
        """Status and text of an answer; 0 if there is none."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


@contextlib.contextmanager
def demo(customers=1_000, events_per_second=1_000):
    """A demo that has a model and is ready; ended with the block, and by itself after a minute."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        port = free_port()
        environment = os.environ | {"SHOAL_HTTP__LISTEN": f"127.0.0.1:{port}", "SHOAL_API_TOKEN": TOKEN}
        command = [SHOAL, "demo", "--duration", 60, "--rate", events_per_second, "--customers", customers]
        with process(*command, log=log, env=environment) as child:
            running = Demo(child, log, f"http://127.0.0.1:{port}")
            running.wait_for("the demo is ready", lambda: running.get("/health/ready")[0] == 200)
            yield running
