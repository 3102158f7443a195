"""Changes come as server-sent events: in order, filtered, resumable, with signs of life."""

import subprocess
import urllib.request

from service import PORT, URL, get, require, some_customer, stream

# The page's stream.
require(next(stream("/v1/live", "status", 1))["phase"] == "running", "the page hears of the status")
require(next(stream("/v1/live", "segments", 1))["segments"], "the page hears of the segments")
require("cells" in next(stream("/v1/live", "transitions", 1)), "the page hears of the flow")

# Filters.
segment = max(get("/v1/segments")["segments"], key=lambda s: s["members"])["id"]
for change in stream(f"/v1/changes?segment={segment}", "change", 20):
    ends = [(change["from"] or {}).get("id"), (change["to"] or {}).get("id")]
    require(segment in ends, f"a change from {ends[0]} to {ends[1]} is not of {segment}")


def read_ids(headers, count):
    """The ids and change ids of the next changes, and whether a gap came first."""
    request = urllib.request.Request(URL + "/v1/changes", headers=headers)
    ids, changes, has_gap = [], [], False
    with urllib.request.urlopen(request, timeout=30) as answer:
        event = identifier = None
        for line in answer:
            line = line.decode().rstrip("\n")
            if line.startswith("id: "):
                identifier = line[4:]
            elif line.startswith("event: "):
                event = line[7:]
                has_gap = has_gap or event == "gap"
            elif line.startswith("data: ") and event == "change":
                ids.append(identifier)
                changes.append(line[6:])
                if len(changes) == count:
                    return ids, changes, has_gap


# Going on after the third of five gives the fourth and the fifth.
ids, changes, has_gap = read_ids({}, 5)
require(not has_gap, "a first visit misses nothing")
require(len(set(ids)) == 5, "each change has an id of its own")
again_ids, again, has_gap = read_ids({"Last-Event-ID": ids[2]}, 2)
require(not has_gap and again == changes[3:], "going on is where it was")
require(again_ids == ids[3:], "with the same ids")
for stranger in ["other-17", "nonsense", ids[0].split("-")[0] + "-999999999"]:
    _, _, has_gap = read_ids({"Last-Event-ID": stranger}, 1)
    require(has_gap, f"an id of nobody's ({stranger}) is a gap")

# The command reads the same.
from service import os  # noqa: E402

shoal = os.readlink(f"/proc/{os.environ['SHOAL_PID']}/exe")
customer = some_customer()
lines = subprocess.run(
    [shoal, "tail", "changes", "--url", f"http://127.0.0.1:{PORT}", "--limit", "3"], timeout=60,
    capture_output=True, text=True)
require(lines.returncode == 0 and len(lines.stdout.splitlines()) == 3, f"tail printed {lines}")
wrong = subprocess.run(
    [shoal, "tail", "changes", "--url", f"http://127.0.0.1:{PORT}", "--segment", "x"], timeout=60,
    capture_output=True, text=True)
require(wrong.returncode == 1 and "400" in wrong.stderr, f"tail of no segment: {wrong}")
away = subprocess.run(
    [shoal, "tail", "alerts", "--url", "http://127.0.0.1:9"], timeout=60, capture_output=True, text=True)
require(away.returncode == 1 and "cannot connect" in away.stderr, f"tail of nobody: {away}")
