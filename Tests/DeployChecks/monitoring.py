"""Scrape configuration, alert rules and dashboard hold against promtool, Prometheus and the metrics of a demo."""

import concurrent.futures
import copy
import json
import pathlib
import re
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import yaml

from support import DEPLOY, SHOAL, demo, free_port, output, process, require

MONITORING = DEPLOY / "monitoring"
RULES = yaml.safe_load((MONITORING / "shoal.rules.yaml").read_text())
CASES = yaml.safe_load((MONITORING / "shoal.rules.test.yaml").read_text())
DASHBOARD = json.loads((MONITORING / "grafana-dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

# What is written only while a drift alert is open, which a demo may or may not have.
ONLY_WHILE_DRIFTING = ["shoal_drift_size", "shoal_drift_alerts"]

KEYWORDS = {"and", "or", "unless", "bool", "offset", "group_left", "group_right", "inf", "nan"}


def rules():
    return [rule for group in RULES["groups"] for rule in group["rules"]]


def metric_names(expression):
    """The metrics that a PromQL expression reads."""
    bare = re.sub(r'"(\\.|[^"\\])*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|on|without|ignoring)\s*\([^)]*\)", " ", bare)
    return {name for name in re.findall(r"\b[a-zA-Z_:][\w:]*\b(?!\s*\()", bare) if name.lower() not in KEYWORDS}


def expressions():
    """All that the rules and the dashboard ask for, with where it stands."""
    for rule in rules():
        yield f"rule {rule['alert']}", rule["expr"]
    for panel in PANELS:
        for target in panel["targets"]:
            yield f"panel {panel['title']!r}", target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield f"variable {variable['name']}", re.fullmatch(r"label_values\((.*), \w+\)", variable["query"]).group(1)


# Rules.

def check_rules(folder):
    output("promtool", "check", "rules", "--lint-fatal", MONITORING / "shoal.rules.yaml")
    output("promtool", "check", "config", MONITORING / "prometheus.yaml")
    output("promtool", "test", "rules", MONITORING / "shoal.rules.test.yaml")
    for rule in rules():
        require(rule["labels"]["severity"] in ["critical", "warning"], f"{rule['alert']} has no known severity")
        for text in ["summary", "description", "action"]:
            require(rule["annotations"].get(text), f"{rule['alert']} has no {text}")
    print(f"rules: {len(rules())}, and what is to come of made-up series")
    for rule in rules():
        check_cases(folder, rule["alert"])
    print("rules: none can be silent, nor fire all the time, without its cases' notice")


def check_cases(folder, alert):
    """A rule's cases notice if it never fires, and if it always does."""
    silent = copy.deepcopy(RULES)
    loud = copy.deepcopy(RULES)
    for group in silent["groups"]:
        group["rules"] = [rule for rule in group["rules"] if rule["alert"] != alert]
    for group in loud["groups"]:
        for rule in group["rules"]:
            if rule["alert"] == alert:
                rule.update({"expr": "vector(1)", "for": "0s"})
    block = next((block for block in CASES["tests"] if block["name"] == alert), None)
    require(block, f"{alert} has no cases")
    firing = [case for case in block["promql_expr_test"] if case["exp_samples"]]
    quiet = [case for case in block["promql_expr_test"] if not case["exp_samples"]]
    for cases, broken, what in [(firing, silent, "never fires"), (quiet, loud, "always fires")]:
        (folder / "rules.yaml").write_text(yaml.safe_dump(broken))
        tests = CASES | {"rule_files": ["rules.yaml"], "tests": [block | {"promql_expr_test": cases}]}
        (folder / "tests.yaml").write_text(yaml.safe_dump(tests))
        run = subprocess.run(["promtool", "test", "rules", folder / "tests.yaml"], capture_output=True, text=True)
        require(run.returncode != 0 and "FAILED" in run.stdout + run.stderr, f"no case notices if {alert} {what}")


# The dashboard.

def check_dashboard():
    require((DASHBOARD["uid"], DASHBOARD["title"]) == ("shoal", "Shoal"), "uid and title are what links go to")
    variables = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
    require(variables["datasource"]["type"] == "datasource", "the data source is to be chosen")
    for panel in PANELS:
        sources = {part["datasource"]["uid"] for part in [panel, *panel["targets"]]}
        require(sources == {"${datasource}"}, f"{panel['title']!r} has a data source of its own")
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    require(len(set(ids)) == len(ids), "two panels have one id")
    taken = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        require(place["x"] + place["w"] <= 24, f"{panel['title']!r} is wider than the page")
        for cell in ((x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])):
            require(cell not in taken, f"{panel['title']!r} lies over {taken.get(cell)!r}")
            taken[cell] = panel["title"]
    for panel in PANELS:
        require(panel["description"], f"{panel['title']!r} does not say what it shows")
        require(panel["fieldConfig"]["defaults"]["unit"], f"{panel['title']!r} has no unit")
        for target in panel["targets"]:
            for name in re.findall(r"\$(\w+)", target["expr"]):
                require(name in variables or name == "__rate_interval", f"{panel['title']!r} has no variable ${name}")
    print(f"dashboard: {len(PANELS)} panels, none over another")


# Names and data.

def check_names(text):
    """Every metric that is asked for is one that the program writes."""
    known = {"up"}
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        known |= {name + suffix for suffix in ["_bucket", "_sum", "_count"]} if kind == "histogram" else {name}
    program = pathlib.Path(SHOAL).read_bytes()
    known |= {name for name in ONLY_WHILE_DRIFTING if name.encode() in program}
    used = set()
    for place, expression in expressions():
        names = metric_names(expression)
        require(names, f"{place} reads no metric: {expression}")
        require(names <= known, f"{place} reads {sorted(names - known)}, which Shoal does not write")
        used |= names
    print(f"names: {len(used)} metrics are asked for, all of them written")


def query(url, place, expression):
    """What Prometheus answers to an expression of the dashboard."""
    for variable in DASHBOARD["templating"]["list"]:
        expression = expression.replace(f"${variable['name']}", ".*")
    expression = expression.replace("$__rate_interval", "10s")
    try:
        with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode({'query': expression})}", timeout=10) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as error:
        require(error.code == 503, f"{place}: {error.read().decode()}: {expression}")
        return []  # It is still starting.
    except OSError:
        return []


def check_data(shop, folder):
    """A Prometheus with this configuration has data for every panel, with the labels that its legend names."""
    address = shop.url.removeprefix("http://")
    configuration = (MONITORING / "prometheus.yaml").read_text()
    for ours, here in [("127.0.0.1:8080", address), ("scrape_interval: 15s", "scrape_interval: 1s"),
                       ("evaluation_interval: 15s", "evaluation_interval: 1s")]:
        require(ours in configuration, f"prometheus.yaml has no {ours}")
        configuration = configuration.replace(ours, here)
    (folder / "prometheus.yaml").write_text(configuration)
    (folder / "shoal.rules.yaml").write_text((MONITORING / "shoal.rules.yaml").read_text())
    port = free_port()
    url = f"http://127.0.0.1:{port}/api/v1/query"
    command = ["prometheus", f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data",
               f"--web.listen-address=127.0.0.1:{port}"]
    with process(*command, log=folder / "log"):
        shop.wait_for("Prometheus scrapes it", lambda: query(url, "up", 'up{job="shoal", deployment="shoal"} == 1'))
        output("kcat", "-P", "-b", shop.broker, "-t", "shoal.events", "-k", "key", input="{no")
        for panel in PANELS:
            for target in panel["targets"]:
                expression = target["expr"]
                if metric_names(expression) <= set(ONLY_WHILE_DRIFTING):
                    query(url, panel["title"], expression)
                    continue
                found = shop.wait_for(
                    f"data of the panel {panel['title']!r}: {expression}",
                    lambda: query(url, panel["title"], expression), 15)
                for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                    require(all(label in series["metric"] for series in found),
                            f"the legend of {panel['title']!r} names {label}, which {found[0]['metric']} lacks")
        for place, expression in expressions():
            query(url, place, expression)
    print("data: every panel has some, and every expression is understood")


with tempfile.TemporaryDirectory() as place:
    place = pathlib.Path(place)
    check_dashboard()
    # A demo takes its time to learn a model; the rules are checked meanwhile.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        rules_checked = pool.submit(check_rules, place)
        with demo() as shop:
            rules_checked.result()
            check_names(shop.get("/metrics")[1])
            check_data(shop, place)
