"""Subscribers to changes, half of whom never read, and look-ups at a steady rate, until it is told to end.

Usage: http_clients.py PORT SUBSCRIBERS LOOKUPS_PER_SECOND
"""

import asyncio
import random
import signal
import sys
import time

PORT, SUBSCRIBERS, LOOKUPS = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
CONNECTIONS = 8
CUSTOMERS = 100_000

waits, statuses, read = [], {}, 0
DURATIONS = "shoal_customer_lookup_duration_seconds_bucket"
buckets = []  # What the daemon itself says of look-ups: (seconds, so many or fewer), at last.


async def connected():
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.05)


async def subscribe(reads):
    global read
    while True:
        try:
            reader, writer = await connected()
            writer.write(b"GET /v1/changes HTTP/1.1\r\nHost: localhost\r\n\r\n")
            if not reads:
                # The kernel's buffers fill up, and the daemon is left to wait.
                writer.transport.pause_reading()
                await asyncio.Event().wait()
            while data := await reader.read(65_536):
                read += len(data)
        except OSError:
            pass
        await asyncio.sleep(0.2)


async def look_up():
    """Its share of the rate, on one connection, by the clock and not by the answers."""
    reader = writer = None
    due = time.monotonic()
    while True:
        due = max(due + CONNECTIONS / LOOKUPS, time.monotonic() - 1)
        await asyncio.sleep(max(0, due - time.monotonic()))
        try:
            if writer is None:
                reader, writer = await connected()
            started = time.perf_counter()
            customer = f"c{random.randrange(CUSTOMERS):07}"
            writer.write(f"GET /v1/customers/{customer} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(length)
            status = head[9:12].decode()
            statuses[status] = statuses.get(status, 0) + 1
            if status in ("200", "404"):
                waits.append(time.perf_counter() - started)
        except (OSError, asyncio.IncompleteReadError):
            writer = None


async def ask_daemon():
    """Reads the daemon's own histogram of look-ups once a second: it is gone before its clients are."""
    global buckets
    while True:
        await asyncio.sleep(1)
        try:
            reader, writer = await connected()
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            page = (await reader.read()).decode()
            writer.close()
        except OSError:
            continue
        found = [line.split('le="')[1].split('"} ') for line in page.splitlines() if line.startswith(DURATIONS)]
        if found:
            buckets = [(float(bound), int(count)) for bound, count in found]


def daemon_quantile(share):
    total = buckets[-1][1] if buckets else 0
    return next((bound for bound, count in buckets if count >= share * total > 0), 0)


async def main():
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    tasks = [asyncio.create_task(subscribe(number % 2 == 0)) for number in range(SUBSCRIBERS)]
    tasks += [asyncio.create_task(look_up()) for _ in range(CONNECTIONS if LOOKUPS else 0)]
    tasks += [asyncio.create_task(ask_daemon())] if LOOKUPS else []
    await ended.wait()
    if SUBSCRIBERS:
        print(f"{read / 1e6:.1f} MB to readers")
    if not LOOKUPS:
        return
    ordered = sorted(waits) or [0]
    p50, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    late = sum(wait > 0.010 for wait in ordered) / len(ordered)
    own = ", ".join(f"p{share * 100:.0f} {daemon_quantile(share) * 1e3:.0f} ms" for share in (0.5, 0.99))
    print(f"{len(waits)} look-ups {statuses}, p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, {late:.1%} over 10 ms; "
          f"in the daemon {own}")


asyncio.run(main())
