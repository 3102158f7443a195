"""Ten thousand random and hostile requests neither crash the daemon nor make it grow.

Usage: hostile.py [COUNT [SEED]]
"""

import os
import random
import socket
import sys
import time
import urllib.parse

from service import HOST, PID, PORT, TOKEN, ask, get, require, wait_for

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
random.seed(seed)

NAUGHTY = [
    "", " ", "null", "undefined", "NaN", "-1", "1e309", "'", '"', "\\", "/", "//", "..", "../../etc/passwd", "%", "%%",
    "%00", "%zz", "%c0%af", "%ff", "\u202e", "\ufeff", "é", "e\u0301", "𝒳", "🐟", "<script>alert(1)</script>", "${7*7}",
    "' OR 1=1 --", "() { :; }; true", "\r\nSet-Cookie: a=b", "%0d%0aX: y", "a" * 257, "a" * 5_000, "{}", "[]", ":id", "*",
    "?", "#", ";", "s1", "s999999999999999999999", "s-1", "S1", "c1", "c\u0000", "CON", ".", "~", "a/b/c", "+", "&", "=",
]
PATHS = [
    "/", "/health/live", "/health/ready", "/metrics", "/v1/status", "/v1/segments", "/v1/segments/{}",
    "/v1/customers/{}", "/v1/customers/{}/export", "/v1/transitions?minutes={}", "/v1/drift", "/v1/model",
    "/v1/model/card", "/v1/model/promote", "/v1/model/rollback", "/{}", "/v1/{}", "/dashboard.js", "/v1/segments/{}/x",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "G" * 300, "GÉT"]


def raw(data, wait=0.0, answer_seconds=15):
    """Sends bytes and returns what came back, up to 4 KiB."""
    with socket.create_connection((HOST, PORT), timeout=answer_seconds) as connection:
        try:
            if wait:
                for start in range(0, len(data), 7):
                    connection.sendall(data[start:start + 7])
                    time.sleep(wait)
            else:
                connection.sendall(data)
            return connection.recv(4_096)
        except (ConnectionError, socket.timeout):
            return b""


def request():
    name = random.choice(NAUGHTY)
    if random.random() < 0.3:
        name = "".join(chr(random.choice([random.randrange(1, 256), random.randrange(0x100, 0x2fff)])) for _ in range(8))
    path = random.choice(PATHS).replace(
        "{}", urllib.parse.quote(name, safe="") if random.random() < 0.7 else name)
    method = random.choices(METHODS, weights=[40, 5, 8, 3, 8, 8, 3, 1, 1, 1, 1, 1])[0]
    lines = [f"{method} {path} HTTP/1.{random.choice('1111109')}", f"Host: {HOST}:{PORT}"]
    body = b""
    kind = random.random()
    if kind < 0.2:
        lines.append("Authorization: " + random.choice(
            ["Bearer ", "Bearer " + TOKEN[:-1], "Basic ????", "Bearer " + "x" * 9_000, "Digest a", "Bearer \x7f"]))
    elif kind < 0.3:
        body = os.urandom(random.randrange(0, 3_000))
        lines.append(f"Content-Length: {random.choice([len(body), 0, 10**19, -1, 'x'])}")
    elif kind < 0.35:
        lines.append("Transfer-Encoding: chunked")
        body = random.choice([b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", b"FFFFFFFFFFFFFFFF\r\n", b"3\r\nab"])
    elif kind < 0.4:
        lines += [f"X-{index}: {os.urandom(4).hex()}" for index in range(random.choice([5, 99, 2_000]))]
    elif kind < 0.45:
        lines.append(random.choice(["Host: evil.example", "Origin: http://evil.example", "Last-Event-ID: \x01", ": x", "a b"]))
    elif kind < 0.47:
        lines[0] = os.urandom(40).hex() if random.random() < 0.5 else "\x16\x03\x01\x02\x00"
    lines.append("Connection: close")
    return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


def resident():
    with open(f"/proc/{PID}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) * 1_024


def descriptors():
    return len(os.listdir(f"/proc/{PID}/fd"))


require(raw(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 200"), "it answers at all")
names_before = {segment["id"]: segment["name"] for segment in get("/v1/segments")["segments"]}
for _ in range(200):
    raw(request())
memory_before, open_before = resident(), descriptors()
statuses = {}
for number in range(count):
    sent = request()
    answer = raw(sent, answer_seconds=12)
    status = answer[9:12].decode(errors="replace")
    statuses[status] = statuses.get(status, 0) + 1
    # 503 says that a lane is busy; anything else from 500 on is a fault of ours.
    require(not status.startswith("5") or status == "503", f"seed {seed}, request {number}: {answer[:200]} to {sent[:300]}")
print("answers by status:", dict(sorted(statuses.items())))
require(statuses.get("200", 0) > count / 20, "some of them were good")

# Too much, and too slowly.
huge = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n"
require(not raw(huge).startswith(b"HTTP/1.1 200"), "a header of 1 MB is not taken")
started = time.monotonic()
with socket.create_connection((HOST, PORT), timeout=30) as slow:
    slow.settimeout(1)
    closed = False
    while time.monotonic() - started < 25 and not closed:
        try:
            slow.sendall(b"X")
            closed = slow.recv(1) == b""
        except socket.timeout:
            pass
        except ConnectionError:
            closed = True
require(closed, "who drips a request for 25 s is let go")
with socket.create_connection((HOST, PORT), timeout=30) as slow:
    slow.sendall(b"PATCH /v1/segments/s1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN.encode()
                 + b"\r\nContent-Length: 100\r\n\r\n{")
    require(slow.recv(64)[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 408"), "who drips a body is let go")

# Connections beyond the cap wait, and give way when they have said nothing for long enough.
idle = [socket.create_connection((HOST, PORT), timeout=30) for _ in range(600)]
wait_for("health gets through when idle connections are let go",
         lambda: raw(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 200"), 60)
for connection in idle:
    connection.close()

names_after = {segment["id"]: segment["name"] for segment in get("/v1/segments")["segments"]}
require(all(names_after.get(id, name) == name for id, name in names_before.items()
            if "<img" in name), "nothing was renamed without the token")
status, _, _ = ask("/health/ready")
require(status == 200, f"it is still ready, not {status}")
wait_for("descriptors are given back", lambda: descriptors() < open_before + 32, 90)
grown = (resident() - memory_before) / 2**20
print(f"grown by {grown:.1f} MiB")
require(grown < 64, f"it has grown by {grown:.1f} MiB")
