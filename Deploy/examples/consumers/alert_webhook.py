"""Posts every drift alert to a URL, as chat systems and incident tools take it.

Follows `drift-alerts` and posts {"text": …, "alert": …}: a line for people and the record as it is. With --text-only
the alert is left out, for receivers that refuse fields they do not know.

What it guarantees:
- Each record is posted until the receiver answers 2xx, one after the other. What may pass (no connection, 408, 429,
  5xx) is tried again with growing pauses for five minutes, or as Retry-After says. After that, and at once for any
  other answer, redirects included, it ends with the reason and has lost nothing: a restart begins with that alert.
- What was sent is kept twice: its offset in Kafka, and alert_id, state and time of the newest thousand in the file
  --sent, so that a repeated record is not posted again. alert_id and state alone do not do: an alert that becomes more
  severe, or comes back, has the same state twice. Only a crash between the receiver's answer and the file, a matter of
  a millisecond, posts twice; for receivers that care, both posts have the same Idempotency-Key.

The URL is often a secret, so it comes from the environment and is never printed.

    ALERT_WEBHOOK_URL=https://chat.example/hook/… python alert_webhook.py --bootstrap localhost:9092 --least warning
"""

import argparse
import http.client
import json
import os
import random
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from confluent_kafka import Consumer, KafkaException

SEVERITIES = ["info", "warning", "critical"]
GIVE_UP_SECONDS = 300


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would follow a redirect with GET and take that for success."""

    def redirect_request(self, *_):
        return None


def text(alert):
    """One line; names in it come from elsewhere, and must not become a mention or a link."""
    monitor, subject = alert["monitor"], alert["subject"]
    what = subject if subject == monitor else f"{monitor} {subject}"
    line = f"{alert['severity']}, {alert['state']}: {what}. {alert['advice']}"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def post(url, body, key):
    opener = urllib.request.build_opener(NoRedirect)
    headers = {"Content-Type": "application/json", "Idempotency-Key": urllib.parse.quote(key)}
    started, pause = time.monotonic(), 0.5
    while True:
        asked = ""
        try:
            with opener.open(urllib.request.Request(url, body, headers), timeout=10):
                return
        except urllib.error.HTTPError as error:
            reason = f"the receiver answers {error.code}"
            if error.code not in (408, 429) and error.code < 500:
                sys.exit(f"{key}: {reason}")
            asked = error.headers.get("Retry-After", "")
        except (OSError, http.client.HTTPException) as error:
            reason = f"no answer: {error}"
        seconds = max(pause * random.uniform(0.5, 1), int(asked) if asked.isdecimal() else 0)
        if time.monotonic() - started + seconds > GIVE_UP_SECONDS:
            sys.exit(f"{key}: {reason}, for too long")
        print(f"{key}: {reason}, trying again in {seconds:.1f} s", file=sys.stderr, flush=True)
        time.sleep(seconds)
        pause = min(pause * 2, 60)


def save(path, sent):
    with open(f"{path}.new", "w") as file:
        json.dump(sent, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topic", default="drift-alerts")
    parser.add_argument("--group", default="alert-webhook")
    parser.add_argument("--least", choices=SEVERITIES, default="info", help="post nothing less severe")
    parser.add_argument("--text-only", action="store_true")
    parser.add_argument("--sent", default="alerts-sent.json", help="the file of what was sent")
    parser.add_argument("--properties", help="a file of librdkafka's properties, one name=value a line: TLS, passwords")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    url = os.environ.get("ALERT_WEBHOOK_URL", "")
    if not url.startswith(("https://", "http://")):
        sys.exit("ALERT_WEBHOOK_URL must be an address that begins with https:// or http://")
    sent = []
    if os.path.exists(arguments.sent):
        with open(arguments.sent) as file:
            sent = json.load(file)

    settings = {
        "bootstrap.servers": arguments.bootstrap, "group.id": arguments.group, "isolation.level": "read_committed",
        "enable.auto.commit": False, "auto.offset.reset": "earliest",
        "max.poll.interval.ms": 2 * GIVE_UP_SECONDS * 1000}
    if arguments.properties:
        with open(arguments.properties) as lines:
            settings |= dict(line.strip().split("=", 1) for line in lines if "=" in line and line[0] != "#")
    consumer = Consumer(settings)
    consumer.subscribe([arguments.topic])
    try:
        while True:
            message = consumer.poll(1)
            if message is None:
                continue
            if message.error():
                raise KafkaException(message.error())
            try:
                alert = json.loads(message.value())
                key = f"{alert['alert_id']}/{alert['state']}/{alert['at']}"
                body = {"text": text(alert)} if arguments.text_only else {"text": text(alert), "alert": alert}
                is_wanted = SEVERITIES.index(alert["severity"]) >= SEVERITIES.index(arguments.least)
            except (ValueError, TypeError, KeyError):
                print(f"no alert: partition {message.partition()} offset {message.offset()}", file=sys.stderr)
            else:
                if is_wanted and key not in sent:
                    post(url, json.dumps(body).encode(), key)
                    sent = [*sent, key][-1000:]
                    save(arguments.sent, sent)
                    print(f"posted {key}", flush=True)
            consumer.commit(message, asynchronous=False)
    finally:
        consumer.close()


if __name__ == "__main__":
    main()
