"""The commands of README.md and Deploy/README.md work; options, links and names of alerts are those there are.

Each fenced block says what it is. A block of shell commands has one of these info strings:

    sh run                  is run to its end
    sh run until ready      is started, and goes on beside what follows once /health/ready says so
    sh run until output     is started, and ended once it has printed a JSON object
    sh not run: REASON      is not run, for a reason

A guide's blocks run in order in a folder of their own. A block of YAML that begins with `# NAME.yaml` is written there
under that name. `shoal` is the program that is checked. Commands meet a development broker, whose topics have 4
partitions, where the guides name theirs; `Stage` has what is replaced, and the environment shortens waits.
"""

import contextlib
import functools
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import yaml

from support import DEPLOY, SHOAL, TOKEN, free_port, output, process, require, wait_for

ROOT = DEPLOY.parent
GUIDES = ["README.md", "Deploy/README.md"]
LINKING = GUIDES + ["Sources/ARCHITECTURE.md", "Benchmarks/README.md"]
SHELL_INFO = re.compile(r"sh (run|run until ready|run until output|not run: \S.*)")
OTHER_LANGUAGES = ["yaml", "json", "text"]
BLOCK_SECONDS = 30
GUIDE_SECONDS = 120


class Block:
    """A fenced block: where it begins, its info string, its text."""

    def __init__(self, guide, line, info, text):
        self.place, self.info, self.text = f"{guide}:{line}", info, text

    @property
    def is_shell(self):
        return self.info.startswith("sh ")


def text_of(guide):
    return (ROOT / guide).read_text()


def blocks(guide):
    found, opened = [], None
    for number, line in enumerate(text_of(guide).splitlines(), 1):
        if line.startswith("```") and opened is None:
            opened = (number, line[3:].strip(), [])
        elif line == "```":
            found.append(Block(guide, opened[0], opened[1], "\n".join(opened[2])))
            opened = None
        elif opened:
            opened[2].append(line)
    require(opened is None, f"{guide}: a block is not closed")
    return found


def prose(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def check_marks(guide):
    for block in blocks(guide):
        require(
            SHELL_INFO.fullmatch(block.info) or block.info in OTHER_LANGUAGES,
            f"{block.place}: a block begins with ```{block.info}: say `sh run`, `sh run until ready`, `sh run until "
            f"output` or `sh not run: REASON` of commands, and {', '.join(OTHER_LANGUAGES)} of the rest")
    shell = [block for block in blocks(guide) if block.is_shell]
    run = [block for block in shell if block.info.startswith("sh run")]
    print(f"{guide}: {len(run)} blocks to run, {len(shell) - len(run)} with a reason why not")


# Options.

@functools.cache
def help_of(path):
    """The subcommands and options of a command, as its help has them."""
    text = output(SHOAL, *path, "--help")
    _, _, listed = text.partition("\nSUBCOMMANDS:\n")
    options = "\n".join(line for line in text.splitlines() if re.match(r"  -", line))
    return (
        set(re.findall(r"^  ([a-z][a-z-]*)", listed, re.MULTILINE)),
        set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", options)))


def commands(text):
    """The words of each simple command of a script."""
    lexer = shlex.shlex(text.replace("\\\n", " ").replace("$(", " ; "), posix=True, punctuation_chars=True)
    lexer.whitespace = " \t\r"
    words = []
    for word in lexer:
        if word == "\n" or set(word) <= set(";|&()"):
            yield words
            words = []
        else:
            words.append(word)
    yield words


def calls(text):
    """What is asked of shoal in a script: the words after its name, up to what is not its own."""
    for words in commands(text):
        while words and (re.match(r"\w+=", words[0]) or words[0] in ("until", "while", "if", "do", "then")):
            words = words[1:]
        if words and (words[0] == "shoal" or words[0].endswith("/shoal")):
            yield words[1:]
        elif words and words[0] in ("docker", "kubectl") and "shoal" in words:
            # As the name of an image or after `--`; else it is a name of something that takes no such words.
            rest = words[len(words) - words[::-1].index("shoal"):]
            if rest and rest[0] in help_of(())[0]:
                yield rest


def check_call(place, words):
    path = ()
    for word in words:
        subcommands, options = help_of(path)
        name = " ".join(("shoal",) + path)
        if word.startswith("-") and word != "-":
            require(word.split("=")[0] in options, f"{place}: `{name}` has no option {word}; see {name} --help")
        elif subcommands:
            require(word in subcommands, f"{place}: `{name}` has no subcommand {word}; see {name} --help")
            path += (word,)


def check_options(guide):
    count = 0
    inline = re.findall(r"`((?:\S*/)?shoal [^`\n]+)`", prose(text_of(guide)).replace("\n", " "))
    pieces = [(block.place, block.text) for block in blocks(guide) if block.is_shell]
    for place, text in pieces + [(f"{guide}, `{text}`", text) for text in inline]:
        for words in calls(text):
            check_call(place, words)
            count += 1
    print(f"{guide}: the options and subcommands of {count} calls of shoal")


# Names and links.

def anchors(text):
    """How GitHub names a text's headings."""
    titles = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def check_links(document):
    text = prose((ROOT / document).read_text())
    count = 0
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / document).parent / name if name else ROOT / document
        require(path.exists(), f"{document} links to {target}, which is not there")
        require(not anchor or anchor in anchors(path.read_text()), f"{document} links to {target}: no such heading")
        count += 1
    # Paths in the text begin with a folder at the top, or beside the document.
    places = [ROOT, (ROOT / document).parent]
    for name in re.findall(r"`(\w[\w.-]*/[\w./-]*)[^`]*`", text):
        if any((place / name.split("/")[0]).is_dir() for place in places):
            require(any((place / name).exists() for place in places), f"{document} names {name}, which is not there")
            count += 1
    return count


def check_names():
    """The guide leads from each alert and monitor to what to do, and invents none."""
    guide = text_of("Deploy/README.md")
    rules = yaml.safe_load((DEPLOY / "monitoring/shoal.rules.yaml").read_text())
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    named = re.findall(r"\bShoal[A-Z]\w+", guide)
    for alert in alerts:
        require(named.count(alert) == 1, f"Deploy/README.md names {alert} {named.count(alert)} times, not once")
    require(set(named) == set(alerts), f"Deploy/README.md names {set(named) - set(alerts)}, of which there is no rule")
    schema = yaml.safe_load((DEPLOY / "schemas/drift-alert-1.json").read_text())
    monitors = set(schema["properties"]["monitor"]["examples"])
    table = guide.split("\n## Drift\n")[1].split("\n## ")[0]
    described = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    require(described == monitors, f"Deploy/README.md describes the monitors {described}, there are {monitors}")
    print(f"Deploy/README.md: {len(alerts)} alert rules and {len(monitors)} monitors of drift, each once")


def check_metrics(guide, text):
    """The metrics that a guide names are among those of the program, or those of alerts that may not be open."""
    there = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    for name in re.findall(r"`(shoal_\w+)", text_of(guide)):
        require(name in there, f"{guide} names the metric {name}, which /metrics has not")


# Running.

class Stage:
    """A guide's folder and surroundings while its blocks run."""

    def __init__(self, guide, folder, broker, address):
        self.guide, self.folder = guide, pathlib.Path(folder)
        self.url = f"http://{address}"
        self.replacements = {
            "broker-1:9092": broker, "127.0.0.1:8080": address, "--partitions 12": "--partitions 4",
            ".build/release/shoal": "shoal",
            # The same work in less time.
            "--events 1000000": "--events 100000", "--customers 1000000": "--customers 2000"}
        programs = self.folder / "programs"
        programs.mkdir()
        # Only `tail` asks for an address that no variable holds.
        (programs / "shoal").write_text(
            f'#!/bin/sh\n[ "$1" != tail ] || set -- "$@" --url {self.url}\nexec {shlex.quote(SHOAL)} "$@"\n')
        (programs / "shoal").chmod(0o755)
        # A request that is refused is a command that fails.
        (programs / ".curlrc").write_text("fail\nshow-error\n")
        self.work = self.folder / "work"
        self.work.mkdir()
        self.environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}", "CURL_HOME": str(programs), "SHOAL_API_TOKEN": TOKEN,
            "SHOAL_HTTP__LISTEN": address, "SHOAL_KAFKA__BOOTSTRAP": broker, "SHOAL_MODEL__WARMUP": "300",
            "SHOAL_KAFKA__SESSION_TIMEOUT_MS": "3000", "SHOAL_KAFKA__HEARTBEAT_INTERVAL_MS": "500"}
        self.daemon = None

    def run(self, block):
        text = block.text
        for written, meant in self.replacements.items():
            text = text.replace(written, meant)
        if block.info == "yaml":
            name = re.match(r"# (\w+\.yaml)$", text, re.MULTILINE)
            if name:
                (self.work / name.group(1)).write_text(text)
        elif block.info.startswith("sh run"):
            started = time.monotonic()
            if "shoal run" in text:
                self.end_daemon()
            log = self.folder / f"log-{block.place.rpartition(':')[2]}"
            child = self.start(text, log)
            try:
                self.watch(block, child, log)
            finally:
                if child is not self.daemon:
                    self.kill(child)
            print(f"{block.place}: {block.info[3:]}, {time.monotonic() - started:.1f} s")

    def start(self, text, log):
        with open(log, "w") as sink, open(f"{log}-errors", "w") as errors:
            return subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", text], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=sink, stderr=errors, start_new_session=True)

    def watch(self, block, child, log):
        def failed(what):
            said = log.read_text()[-1500:] + pathlib.Path(f"{log}-errors").read_text()[-1500:]
            raise SystemExit(f"FAILED: {block.place} {what}:\n{block.text}\n{said}")

        if block.info == "sh run":
            try:
                status = child.wait(timeout=BLOCK_SECONDS)
            except subprocess.TimeoutExpired:
                failed(f"has not ended within {BLOCK_SECONDS} s")
            if status:
                failed(f"ends with {status}")
            return
        deadline = time.monotonic() + BLOCK_SECONDS
        while not (self.is_ready() if block.info.endswith("ready") else "{" in log.read_text()):
            if child.poll() is not None:
                failed(f"ends with {child.returncode} by itself")
            if time.monotonic() > deadline:
                failed(f"waits in vain {block.info.removeprefix('sh run ')}, for {BLOCK_SECONDS} s")
            time.sleep(0.1)
        if block.info.endswith("ready"):
            self.daemon = child
            check_metrics(self.guide, self.ask("/metrics"))

    def ask(self, path):
        return subprocess.run(
            ["curl", "--silent", "--max-time", "5", self.url + path], env=self.environment, capture_output=True,
            text=True).stdout

    def is_ready(self):
        return '"ready":true' in self.ask("/health/ready")

    def end_daemon(self):
        """Ends what runs beside the blocks as an operator would."""
        if self.daemon is None:
            return
        child, self.daemon = self.daemon, None
        child.terminate()
        try:
            status = child.wait(timeout=15)
            require(status == 0, f"{self.guide}: SIGTERM ends the daemon with {status}")
        except subprocess.TimeoutExpired:
            raise SystemExit(f"FAILED: {self.guide}: SIGTERM does not end the daemon within 15 s") from None
        finally:
            self.kill(child)

    @staticmethod
    def kill(child):
        """Ends what a block has left behind, too."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def run_guide(guide):
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "broker"
        with process(SHOAL, "broker", log=log):
            broker = wait_for("the broker's address", lambda: re.search(r"^127\S+", log.read_text()), 10).group()
            stage = Stage(guide, folder, broker, f"127.0.0.1:{free_port()}")
            try:
                # The README is about a shop that is open; the other guide fills its topics itself.
                with shop(stage, broker) if guide == "README.md" else contextlib.nullcontext():
                    for block in blocks(guide):
                        stage.run(block)
                    stage.end_daemon()
            finally:
                if stage.daemon:
                    Stage.kill(stage.daemon)


@contextlib.contextmanager
def shop(stage, broker):
    """Events that go on, among them one of the customer whom the README asks for."""
    event = next(block.text for block in blocks("README.md") if block.text.startswith('{"type":"purchase"'))
    for topic in ["clickstream", "pos"]:
        subprocess.run(
            ["kcat", "-P", "-b", broker, "-t", topic, "-k", "c42", "-X", "partitioner=murmur2_random"], input=event,
            text=True, check=True, timeout=10)
    with process(SHOAL, "simulate", "--customers", 300, "--rate", 500, "--to", f"kafka://{broker}/clickstream",
                 log=stage.folder / "shop"):
        yield


def main():
    if len(sys.argv) > 1:
        run_guide(sys.argv[1])
        return
    for guide in GUIDES:
        check_marks(guide)
        check_options(guide)
    check_names()
    documents = sorted({*LINKING, *(str(path.relative_to(ROOT)) for path in DEPLOY.rglob("*.md"))})
    print(f"links and paths: {sum(map(check_links, documents))} in {len(documents)} documents")

    # Most of a guide's time is waiting, so they run beside each other.
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = []
        for number, guide in enumerate(GUIDES):
            log = folder / str(number)
            running.append((stack.enter_context(process(sys.executable, "-u", __file__, guide, log=log)), log))
        end = time.monotonic() + GUIDE_SECONDS
        faults = []
        for guide, (child, log) in zip(GUIDES, running, strict=True):
            try:
                status = child.wait(timeout=max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                status = f"no end within {GUIDE_SECONDS} s"
            print(log.read_text(), end="")
            if status:
                faults.append(f"{guide}: {status}")
        require(not faults, "; ".join(faults))


if __name__ == "__main__":
    main()
