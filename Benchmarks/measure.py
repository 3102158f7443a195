"""What the benchmark scripts share: a command's time and memory, and the machine they were measured on."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHOAL = ROOT / ".build" / "release" / "shoal"


@dataclasses.dataclass
class Measurement:
    """One finished run of a command."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str
    errors: str

    @property
    def last_json(self):
        """The JSON object on the last line that the command wrote to standard output, or else to standard error."""
        text = self.output.strip() or self.errors.strip()
        return json.loads(text.splitlines()[-1])


def measure(command, environment=None, discard_output=False):
    """Runs a command to its end; ends this script with its words if it fails.

    Peak memory is the kernel's figure for the child. A child inherits the peak of the process that forked it, so
    figures below this script's own dozen megabytes are not to be had.
    """
    command = [str(word) for word in command]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if discard_output else output,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        result = Measurement(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024,
            output.read().decode(errors="replace"),
            errors.read().decode(errors="replace"),
        )
    if child.returncode != 0:
        sys.stderr.write(result.errors)
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: exit code {child.returncode} from: {' '.join(command)}")
    return result


def processor_seconds(process):
    """What a process that still runs has used so far, all its threads together, to a hundredth of a second."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_bytes(process):
    """The most memory that a process that still runs has held.

    What the kernel tells of a child that has ended is never below the peak of the process that forked it.
    """
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def median(values):
    return statistics.median(values)


def setting():
    """One line that a figure is worthless without: commit, machine and load."""
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        "unknown processor",
    )
    return (
        f"commit {commit or 'unknown'}, {time.strftime('%Y-%m-%d')}, {model}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.2f} at the start"
    )
