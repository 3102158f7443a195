"""Starves a process of processor time: it gets little of a core, and its neighbours want the rest."""

import os
import pathlib
import signal
import subprocess
import threading
import time

# A hundredth of a core. With a thousand events a second Shoal takes about three, so that a tenth never held it back.
SHARE = 0.01
PERIOD_SECONDS = 0.1  # The kernel's default. The share of it is 1 ms, the least that it takes for a quota.
NEIGHBOURS = 4
GROUPS = pathlib.Path("/sys/fs/cgroup")


class Quota:
    """A control group with a share of one core; making one needs root, and version 2 must give its groups the processor."""

    def __init__(self, process):
        self.process = process
        home, names = self.find(process)
        self.home = home / "cgroup.procs"
        # Beside the others, not below the process's own: in version 2 that one may only have processes or groups.
        self.folder = names / f"shoal-starved-{process.pid}"
        self.folder.mkdir()
        microseconds = round(PERIOD_SECONDS * 1e6), round(SHARE * PERIOD_SECONDS * 1e6)
        try:
            for name, text in self.limits(*microseconds):
                (self.folder / name).write_text(text)
            # To be able to come back it must be allowed to arrive, which it does where it already is.
            for place in (self.home, self.folder / "cgroup.procs"):
                place.write_text(str(process.pid))
        except OSError:
            self.folder.rmdir()
            raise

    @staticmethod
    def find(process):
        """The process's own group, and where such groups are."""
        for line in pathlib.Path(f"/proc/{process.pid}/cgroup").read_text().splitlines():
            _, kinds, path = line.split(":", 2)
            if "cpu" in kinds.split(","):
                return GROUPS / kinds / path.lstrip("/"), GROUPS / kinds
        return GROUPS / path.lstrip("/"), GROUPS

    def limits(self, period, quota):
        if (self.folder / "cpu.max").exists():
            return [("cpu.max", f"{quota} {period}")]
        if (self.folder / "cpu.cfs_quota_us").exists():
            return [("cpu.cfs_period_us", str(period)), ("cpu.cfs_quota_us", str(quota))]
        raise OSError("this control group has no quota of the processor")

    def end(self):
        counts = dict(line.split() for line in (self.folder / "cpu.stat").read_text().splitlines())
        self.hunger = int(counts["nr_throttled"]) / max(1, int(counts["nr_periods"]))
        if self.process.poll() is None:
            self.home.write_text(str(self.process.pid))
        self.folder.rmdir()


class Stutter:
    """Stops a process and lets it go on, ten times a second, where no control group can be made."""

    def __init__(self, process):
        self.process, self.isOver = process, threading.Event()
        self.hunger = 1
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.isOver.is_set():
            self.process.send_signal(signal.SIGSTOP)
            self.isOver.wait((1 - SHARE) * PERIOD_SECONDS)
            self.process.send_signal(signal.SIGCONT)
            time.sleep(SHARE * PERIOD_SECONDS)

    def end(self):
        self.isOver.set()
        self.thread.join()


class Starvation:
    """While its block runs, a process has a hundredth of a core, and its neighbours do nothing but fork."""

    def __init__(self, process):
        self.process = process

    def __enter__(self):
        try:
            self.means = Quota(self.process)
        except OSError:
            self.means = Stutter(self.process)
        # They end by themselves, too, when this script is killed.
        bomb = f"while kill -0 {os.getpid()}; do (:); done"
        self.neighbours = [subprocess.Popen(["sh", "-c", bomb], stderr=subprocess.DEVNULL) for _ in range(NEIGHBOURS)]
        return self

    def __exit__(self, *_):
        for one in self.neighbours:
            one.kill()
            one.wait()
        self.means.end()

    @property
    def hunger(self):
        """In what share of its periods it wanted more than it got, once it is over."""
        return self.means.hunger
