"""Writes drift-river.json: where River's detectors fire, for RiverGoldenTests to fire at the same indices.

    python -m venv venv && venv/bin/pip install river==0.26.1
    venv/bin/python drift-river.py [folder with drift_synth and drift_elec]

Synthetic streams are made from SplitMix64 by additions and comparisons alone, so that a test in another language
makes the same numbers, bit for bit. Data sets are named by file and column; without the folder they are left out.
"""
import csv
import io
import json
import lzma
import pathlib
import sys

import river
from river import drift


class Units:
    """SplitMix64, drawn as numbers between 0 and 1."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        mixed ^= mixed >> 31
        return ((mixed >> 11) + 0.5) * 2.0**-53

    def bell(self):
        total = 0.0
        for _ in range(12):
            total += self()
        return total - 6.0


def synthetic():
    units = Units(1)
    yield "stationary", [units.bell() for _ in range(6000)]
    yield "step", [units.bell() + (1.0 if i >= 3000 else 0.0) for i in range(6000)]
    yield "ramp", [units.bell() + i / 2000.0 for i in range(6000)]
    yield "saw", [units.bell() + (i % 1440) / 720.0 for i in range(6000)]
    yield "heavy", [1.0 / units() for _ in range(6000)]
    yield "binary", [1.0 if units() < (0.3 if i < 3000 else 0.5) else 0.0 for i in range(6000)]
    yield "tiny", [1e-9 * (units.bell() + (2.0 if i >= 3000 else 0.0)) for i in range(6000)]
    yield "offset", [1e6 + units.bell() - (2.0 if i >= 3000 else 0.0) for i in range(6000)]
    yield "constant", [3.0] * 3000
    yield "constants", [3.0] * 1500 + [4.0] * 1500


def data_sets(folder):
    for path in sorted(folder.glob("drift_*/*.csv.xz")):
        with lzma.open(path, "rt") as file:
            rows = list(csv.reader(io.StringIO(file.read())))
        for column, name in enumerate(rows[0]):
            file_name = str(path.relative_to(folder))
            yield f"{file_name}#{column}", [float(row[column]) for row in rows[1:]]


ADWIN = [
    {}, {"delta": 0.1}, {"delta": 0.01}, {"delta": 1e-4}, {"delta": 1e-7}, {"clock": 1},
    {"max_buckets": 2, "clock": 8}, {"max_buckets": 3, "clock": 1, "delta": 0.5},
    {"min_window_length": 30, "grace_period": 100}, {"min_window_length": 1, "grace_period": 0, "clock": 1},
]
PAGE_HINKLEY = [
    {}, {"alpha": 1.0, "delta": 0.1, "threshold": 100.0}, {"mode": "up"}, {"mode": "down", "threshold": 20.0},
    {"min_instances": 200, "delta": 0.02},
]

# How many indices of a case are kept; their number is kept in full.
FIRST = 60


def indices(detector, values):
    found = []
    for index, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            found.append(index)
    return found


def cases(streams, adwin, page_hinkley):
    for stream, values in streams:
        for parameters in adwin:
            yield stream, "adwin", parameters, indices(drift.ADWIN(**parameters), values)
        for parameters in page_hinkley:
            yield stream, "page-hinkley", parameters, indices(drift.PageHinkley(**parameters), values)


def main():
    found = list(cases(synthetic(), ADWIN, PAGE_HINKLEY))
    if len(sys.argv) > 1:
        # The other settings of Page-Hinkley fire thousands of times there.
        found += list(cases(data_sets(pathlib.Path(sys.argv[1])), ADWIN[:6], PAGE_HINKLEY[1:2]))
    lines = [
        json.dumps({"stream": s, "detector": d, "parameters": p, "count": len(i), "indices": i[:FIRST]})
        for s, d, p, i in found
    ]
    target = pathlib.Path(__file__).with_suffix(".json")
    head = f'{{"made_with": "drift-river.py and River {river.__version__}", "cases": [\n'
    target.write_text(head + ",\n".join(lines) + "\n]}\n")


main()
