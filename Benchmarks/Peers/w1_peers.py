"""Workload W1 and those who do its work: `shoal replay` and what users could pick instead.

The peers' programs are in the folder that SHOAL_PEERS names (default: ../shared/peers beside the project). What they
need of PyPI is installed into a virtual environment on first use.
"""

import collections.abc
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys

import environment
from measure import ROOT, measure

CONFIGURATION = ROOT / "Benchmarks" / "w1.yaml"
SOURCES = pathlib.Path(os.environ.get("SHOAL_PEERS", ROOT.parent / "shared" / "peers"))
ENVIRONMENT = "peers"


class Missing(Exception):
    """A peer that cannot be had here: one sentence that says what is missing."""


@dataclasses.dataclass
class Peer:
    """Something that does W1's work, ready to run."""

    name: str
    command: collections.abc.Callable
    environment: dict = dataclasses.field(default_factory=dict)
    # Makes the input's form that the peer reads; not part of what is measured.
    prepare: collections.abc.Callable = lambda events, folder: events

    def run(self, events, output):
        """Runs it; what it wrote before is gone first, since a file system takes its time to write a file anew."""
        if output.is_file():
            output.unlink()
        return measure(self.command(events, output), self.environment)


def write_events(path, events, customers, seed=7, truth=None):
    generator = pathlib.Path(__file__).resolve().parent / "w1-events"
    words = ["--events", events, "--customers", customers, "--seed", seed, "--out", path]
    measure([generator, *words, *(["--truth", truth] if truth else [])])


def said(run):
    """The last JSON object that a peer wrote about its run, among its other words; empty if there is none."""
    for line in reversed([*run.errors.splitlines(), *run.output.splitlines()]):
        if line.startswith("{"):
            return json.loads(line)
    return {}


def changes(output):
    """The lines that a peer wrote, in the order of writing: one file, or the parts in a folder."""
    if output.is_dir():
        parts = [part for part in output.rglob("*") if part.is_file() and part.name[0] not in "._"]
        parts.sort(key=lambda part: (part.stat().st_mtime_ns, part.name))
    else:
        parts = [output]
    for part in parts:
        with open(part, "rb") as lines:
            for line in lines:
                yield json.loads(line)


def shoal(program):
    return Peer(
        "Shoal",
        lambda events, output: [
            program, "replay", "--config", CONFIGURATION, "--changes", output, "--summary", events
        ],
    )


def cpp(folder):
    """One thread on simdjson's on-demand interface."""
    program = folder / "w1"
    flags = ["-O3", "-march=native", "-ffast-math", "-std=c++17"]
    compiled("C++", ["g++", *flags, "-o", program, source("C++", "cpp/w1.cpp"), "-lsimdjson"])
    return Peer("C++", lambda events, output: [program, events, output])


def sklearn(_):
    """Micro-batches of a thousand events; with one thread, as two are no faster with batches of that size."""
    program = source("scikit-learn", "python/w1_sklearn.py")
    python = python_with("scikit-learn", "scikit-learn==1.9.1", "numpy", "orjson")
    return Peer(
        "scikit-learn 1.9.1",
        lambda events, output: [python, "-B", program, events, output],
        {"OMP_NUM_THREADS": "1"},
    )


def bytewax(_):
    program = source("bytewax", "python/w1_bytewax.py")
    python = python_with("bytewax", "bytewax==0.21.1", "numpy", "orjson")
    # It takes its files from its surroundings.
    return Peer(
        "bytewax 0.21.1",
        lambda events, output: [
            "env", f"W1_IN={events}", f"W1_OUT={output}", python, "-B", "-m", "bytewax.run", program
        ],
    )


def river(_):
    program = source("River", "python/w1_river.py")
    python = python_with("River", "river==0.26.1", "orjson")
    # River draws centres in the order of a set of texts, which varies with their hashes.
    return Peer(
        "River 0.26.1", lambda events, output: [python, "-B", program, events, output], {"PYTHONHASHSEED": "0"}
    )


def flink(folder):
    """With a parallelism of one: two is slower on two cores, which its threads use in any case."""
    home = java_home("Flink", "flink", folder)
    libraries = libraries_of("Flink", "apache-flink-libraries==2.3.0") / "pyflink" / "lib"
    compiled("Flink", ["javac", "-cp", f"{libraries}/*", "-d", home / "classes", home / "W1Job.java"])
    # Its `run.sh` gives it 4 GB, too; it leaves folders behind among the temporary ones.
    surroundings = {"FLINK_LIB": str(libraries), "JOPTS": f"-Xmx4g -Djava.io.tmpdir={folder}"}
    return Peer("Flink 2.3.0", lambda events, output: [home / "run.sh", events, output, 1], surroundings)


def spark(folder):
    home = java_home("Spark", "spark", folder)
    spark_home = libraries_of("Spark", "pyspark==4.3.0") / "pyspark"
    compiled("Spark", ["javac", "-cp", f"{spark_home}/jars/*", "-d", home / "classes", home / "W1Spark.java"])
    compiled("Spark", ["jar", "cf", home / "w1spark.jar", "-C", home / "classes", "."])
    splitter = source("Spark", "splitfiles.py")

    def parts(events, folder):
        # A file is a batch; larger ones with ten million events, as in the figures beside the sources.
        lines = 250_000 if events.stat().st_size > 1_000_000_000 else 100_000
        measure([sys.executable, "-B", splitter, events, folder, lines])
        return folder

    return Peer(
        "Spark 4.3.0",
        lambda events, output: [home / "run.sh", events, output],
        {"SPARK_HOME": str(spark_home)},
        parts,
    )


# Names on the command line, in the order of rate.
PEERS = {"cpp": cpp, "flink": flink, "sklearn": sklearn, "spark": spark, "bytewax": bytewax, "river": river}


def source(peer, path):
    """A file or folder among the peers' sources."""
    if not (SOURCES / path).exists():
        raise Missing(f"{peer} is left out: there is no {SOURCES / path}; SHOAL_PEERS names the folder to look in.")
    return SOURCES / path


def compiled(peer, command):
    """Runs a compiler, which may not be there or may not find the library it needs."""
    if not shutil.which(command[0]):
        raise Missing(f"{peer} is left out: {command[0]} is not installed.")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = next((line for line in done.stderr.splitlines() if "error" in line), f"exit code {done.returncode}")
        raise Missing(f"{peer} is left out: {command[0]} fails with: {reason}")


def installed(peer, packages, dependencies):
    try:
        environment.install(ENVIRONMENT, packages, dependencies)
    except environment.InstallError as error:
        raise Missing(f"{peer} is left out: {error}.") from error


def python_with(peer, *packages):
    """A Python that has the packages."""
    installed(peer, packages, dependencies=True)
    return environment.python(ENVIRONMENT)


def libraries_of(peer, package):
    """The folder of a package of which only the Java libraries are wanted, so none of what it depends on."""
    installed(peer, [package], dependencies=False)
    return environment.site_packages(ENVIRONMENT)


def java_home(peer, name, folder):
    """A copy of a Java peer's folder, as its `run.sh` expects the compiled program beside it."""
    if not shutil.which("java"):
        raise Missing(f"{peer} is left out: java is not installed.")
    home = folder / name
    home.mkdir()
    for file in source(peer, name).iterdir():
        shutil.copy(file, home)
    return home
