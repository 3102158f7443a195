"""What the checks share: asking the daemon, and saying what is wrong."""

import json
import os
import time
import urllib.error
import urllib.request

URL = os.environ["SHOAL_URL"]
TOKEN = os.environ["SHOAL_API_TOKEN"]
PID = int(os.environ["SHOAL_PID"])
HOST, PORT = URL.removeprefix("http://").rsplit(":", 1)
PORT = int(PORT)


def ask(path, method="GET", body=None, token=None, headers=None, timeout=10):
    """Returns status, headers and body of an answer, whatever it is."""
    request = urllib.request.Request(URL + path, method=method, data=body, headers=headers or {})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def get(path):
    status, _, body = ask(path)
    require(status == 200, f"{path} answers {status}: {body[:200]}")
    return json.loads(body)


def require(condition, message):
    if not condition:
        raise SystemExit(f"FAILED: {message}")


def wait_for(what, condition, seconds=60):
    """Asks again and again until it holds; returns what it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise SystemExit(f"FAILED: not within {seconds} s: {what}")


def some_customer():
    """A customer of whom a change has just been told."""
    return next(stream("/v1/changes", "change", 1))["customer_id"]


def stream(path, name, count, headers=None, timeout=30):
    """The data of the next events of that name."""
    request = urllib.request.Request(URL + path, headers=headers or {})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        event = None
        for line in answer:
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event == name:
                yield json.loads(line[6:])
                count -= 1
                if count == 0:
                    return
