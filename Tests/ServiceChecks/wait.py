"""Waits until the daemon is ready: it has partitions, has learned a model and keeps up."""

from service import ask, require, wait_for


def answers(path):
    try:
        return ask(path)
    except OSError:
        return None


status, _, body = wait_for("it listens", lambda: answers("/health/live"), 30)
require(status == 200, f"/health/live answers {status}")
status, _, body = ask("/health/ready")
require(status in (200, 503), f"/health/ready answers {status}")
wait_for("it is ready", lambda: answers("/health/ready")[0] == 200, 90)
