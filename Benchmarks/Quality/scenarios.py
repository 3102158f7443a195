"""The scenarios by their permanent names: each gives figures, or `None` where what it needs is not here."""

import csv
import json
import lzma
import sys

import names
import scoring
from measure import ROOT, SHOAL, measure

W1_PLAN = ROOT / "Benchmarks" / "Quality" / "w1.yaml"
DEFAULT_PLAN = ROOT / "Deploy" / "examples" / "shop.yaml"
DATA = ROOT.parent / "shared" / "data"
MIXTURE = DATA / "drift_synth" / "customer_mixture.csv.xz"
# Example plan: its file.
REAL = {
    "online_retail": "online_retail/online_retail.csv.xz",
    "taobao": "taobao/time_slice.csv.xz",
    "rees46": "rees46_head/2019-Oct-head.csv.xz",
}
MIXTURE_PLAN = ROOT / "Benchmarks" / "Quality" / "customer-mixture.yaml"
FIGURES = ["ari_10", "ari_30", "changes", "moves", "delay", "moved_within", "flap_backs", "segments"]


class Bench:
    """Where scenarios work, and what they share."""

    def __init__(self, folder, isTiny):
        self.folder = folder
        self.isTiny = isTiny

    def w1(self, seed):
        """Events and truth of W1, made once."""
        events, truth = self.folder / f"w1-{seed}.ndjson", self.folder / f"w1-{seed}.csv"
        if not events.exists():
            size = ["--events", "60000", "--customers", "3000"] if self.isTiny else []
            generator = ROOT / "Benchmarks" / "Peers" / "w1-events"
            measure([generator, *size, "--seed", seed, "--out", events, "--truth", truth])
        return events, truth

    def shop(self, seed):
        """Events and truth of the simulated shop: what `shoal demo` shows in 25 seconds."""
        events, truth = self.folder / f"shop-{seed}.ndjson", self.folder / f"shop-{seed}.csv"
        size = ["--events", "30000" if self.isTiny else "500000", "--days", "25"]
        run = measure([SHOAL, "simulate", *size, "--seed", seed, "--truth", truth])
        events.write_text(run.output, encoding="ascii")
        return events, truth

    def replayed(self, events, truth, plan):
        """Figures of a replay."""
        changes = self.folder / "changes.ndjson"
        measure([SHOAL, "replay", "--config", plan, "--changes", changes, events])
        figures = scoring.score(scoring.Truth(events, truth), changes)
        return {name: figures[name] for name in FIGURES}


def relearned(bench):
    """Customers of W1 who keep their segment where the same data are learned from with another seed."""
    events, _ = bench.w1(7)
    other = bench.folder / "other.yaml"
    other.write_text(W1_PLAN.read_text() + "  seed: 43\n")
    report = bench.folder / "shadow.json"
    measure(
        [SHOAL, "replay", "--config", W1_PLAN, "--shadow-config", other, "--shadow-report", report, events]
    )
    return {"agreement": json.loads(report.read_text())["agreement"]}


def customer_mixture(bench):
    """Six groups of which two move, all change their weights, a seventh comes, and the first regime returns."""
    if not MIXTURE.exists():
        print(f"customer-mixture: skipped, {MIXTURE.name} is not here", file=sys.stderr)
        return None
    minute, start = 60_000, 1_767_225_600_000
    events, truth = bench.folder / "mixture.ndjson", []
    with lzma.open(MIXTURE, "rt") as rows, open(events, "w", encoding="ascii") as out:
        for number, row in enumerate(csv.reader(rows)):
            if number == 0:
                continue
            values = ",".join(f'"f{axis}":{row[axis]}' for axis in range(6))
            out.write(
                f'{{"type":"vector","customer_id":"r{number - 1}","timestamp":{start + number * minute},'
                f'"properties":{{{values}}}}}\n'
            )
            truth.append(row[6])
            if bench.isTiny and number == 10_000:
                break
    changes, model = bench.folder / "changes.ndjson", bench.folder / "model.json"
    measure([SHOAL, "replay", "--config", MIXTURE_PLAN, "--changes", changes, "--save-model", model, events])
    first = [scoring.UNASSIGNED] * len(truth)
    with open(changes, "rb") as lines:
        for line in lines:
            change = json.loads(line)
            if change["from"] is None:
                first[int(change["customer_id"][1:])] = change["to"]["id"]
    figures = {"ari": scoring.adjusted_rand_index(truth, first)}
    lineage = json.loads(model.read_text())["model"]["lineage"]
    figures["lineage"] = ", ".join(f"{chapter['kind']} s{chapter['segment']}" for chapter in lineage)
    return figures


def named(plan, path):
    """The names of the segments of a data set, and how many of them are not true or not one segment's alone."""

    def scenario(bench):
        if path and not (DATA / path).exists():
            print(f"names/{plan}: skipped, {path} is not here", file=sys.stderr)
            return None
        events = bench.folder / f"{plan}.csv"
        if path:
            events.write_bytes(lzma.open(DATA / path).read())
        else:
            events, _ = bench.shop(1)
        model = bench.folder / "model.json"
        configuration = ROOT / "Deploy" / "examples" / f"{plan}.yaml"
        measure([SHOAL, "replay", "--config", configuration, "--save-model", model, events])
        personas = json.loads(measure([SHOAL, "model", "show", "--json", "--model", model]).output)["segments"]
        faults = list(names.faults(personas))
        for fault in faults:
            print(f"names/{plan}: {fault}", file=sys.stderr)
        return {"names": "; ".join(sorted(persona["name"] for persona in personas)), "untrue": len(faults)}

    return scenario


def clustered(name):
    """Inertia on a table as a multiple of scikit-learn's KMeans(n_init=10): Shoal's, and that of each peer."""

    def scenario(bench):
        try:
            import numpy
            import matrices
            import peers
        except ImportError as error:
            print(f"cluster/{name}: skipped, {error}", file=sys.stderr)
            return None
        k, table = matrices.MATRICES[name]
        table = table()[:2_000] if bench.isTiny else table()
        path = bench.folder / f"{name}.csv"
        numpy.savetxt(path, table, delimiter=",", fmt="%.9g")
        by_peer = {peer: peers.inertia(table, centres) for peer, centres in peers.all_centres(table, k)}
        best = by_peer.pop("kmeans")
        figures = {}
        for passes in (1, 10):
            run = measure([SHOAL, "lab", "cluster", "--k", k, "--passes", passes, path])
            figures[f"passes_{passes}"] = run.last_json["inertia"] / best
        return figures | {peer: inertia / best for peer, inertia in by_peer.items()}

    return scenario


SCENARIOS = {
    **{f"w1/seed-{seed}": lambda bench, seed=seed: bench.replayed(*bench.w1(seed), W1_PLAN) for seed in (7, 8, 9)},
    "w1/default-plan": lambda bench: bench.replayed(*bench.w1(7), DEFAULT_PLAN),
    "w1/relearned": relearned,
    "shop/default-plan": lambda bench: bench.replayed(*bench.shop(1), DEFAULT_PLAN),
    "customer-mixture": customer_mixture,
    **{f"names/{plan}": named(plan, path) for plan, path in {"shop": None, **REAL}.items()},
    **{
        f"cluster/{name}": clustered(name)
        for name in (
            "blobs-5",
            "blobs-20-uneven",
            "blobs-50-overlapping",
            "blobs-8-stretched",
            "cube",
            "heavy-tails",
            "digits",
            "wine",
        )
    },
}
