"""The manifests are valid, hold together, and start the program as it wants to be started.

Nothing is run in a container. What is given to systemd, docker, compose and Kubernetes goes through their own tools,
and what those cannot know is compared with the program and the documents beside it.
"""

import http.server
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

import kubernetes_validate
import yaml

from support import DEPLOY, SHOAL, demo, free_port, output, require, wait_for

TOOLS = pathlib.Path(sys.executable).parent
TOKEN = "token-of-the-manifests"
# After which a broker gives a transaction up: the program's transaction.timeout.ms, where nobody sets another.
TRANSACTION_SECONDS = 10
# Exposure that `systemd-analyze security` may find, of 100; without any hardening it is 96.
EXPOSURE_MAX = 20
KUBERNETES_VERSIONS = ["1.29", kubernetes_validate.latest_version()]
YAML_RULES = """
extends: default
rules: {document-start: disable, line-length: disable, indentation: disable, comments-indentation: disable,
        comments: {min-spaces-from-content: 1}}
"""


def read_yaml(path):
    return yaml.safe_load((DEPLOY / path).read_text())


def checked(what):
    print("ok", what)


def configuration_plan(path, **environment):
    """What `shoal check` says of a configuration, in an environment of its own."""
    environment = {"PATH": os.environ["PATH"]} | environment
    return output(SHOAL, "check", "--config", path, env=environment)


def require_command(arguments, who):
    """The program has that command, and it takes those options."""
    names = [argument for argument in arguments if re.fullmatch("[a-z]+", argument)]
    commands = arguments[:1] if arguments[0] != "topics" else names[:2]
    text = output(SHOAL, *commands, "--help")
    require(f"USAGE: shoal {' '.join(commands)}" in text, f"{who}: there is no command {' '.join(commands)}")
    for option in (argument for argument in arguments if argument.startswith("--")):
        require(re.search(rf"{option}\b", text), f"{who}: shoal {' '.join(commands)} has no option {option}")


def require_time_to_stop(seconds, who):
    """There is time for a graceful end, and for a transaction that a broker is slow to end."""
    graceful = int(re.search(r"within\s+(\d+)\s+seconds", output(SHOAL, "run", "--help")).group(1))
    require(seconds > graceful + TRANSACTION_SECONDS, f"{who}: {seconds} s are too few to stop")


def check_texts():
    """Everything that is YAML or JSON can be read by strict readers."""
    files = sorted(DEPLOY.rglob("*.yaml"))
    output(TOOLS / "yamllint", "--strict", "--config-data", YAML_RULES, *files)

    def unique(pairs):
        names = [name for name, _ in pairs]
        twice = {name for name in names if names.count(name) > 1}
        require(not twice, f"{path}: names that stand twice in one object: {twice}")
        return dict(pairs)

    texts = sorted(DEPLOY.rglob("*.json"))
    for path in texts:
        json.loads(path.read_text(), object_pairs_hook=unique)
    checked(f"{len(files)} files of YAML and {len(texts)} of JSON")


def check_unit(folder):
    """systemd knows every word of the unit, finds little to attack, and starts the program rightly."""
    program = re.search(r"^ExecStart=(\S+) (.*)$", (DEPLOY / "shoal.service").read_text(), re.MULTILINE)
    require_command(shlex.split(program.group(2)), "shoal.service")
    # The program is not where the unit has it; any that exists will do.
    unit = folder / "shoal.service"
    unit.write_text((DEPLOY / "shoal.service").read_text().replace(program.group(1), SHOAL))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    require(done.returncode == 0 and "shoal.service" not in done.stderr, f"shoal.service: {done.stderr}")
    output("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", unit)

    settings = {}
    for line in re.findall(r"^(\w+=.*)$", unit.read_text(), re.MULTILINE):
        name, _, value = line.partition("=")
        settings.setdefault(name, []).append(value)
    require_time_to_stop(int(settings["TimeoutStopSec"][0].removesuffix("s")), "shoal.service")
    refused = subprocess.run([SHOAL, "run", "--config", folder / "absent.yaml"], capture_output=True).returncode
    require([str(refused)] == settings["RestartPreventExitStatus"],
            f"shoal.service: bad settings end the program with {refused}")

    # What systemd would put in place of its specifiers: folders of the state and of the credentials.
    credential = settings["LoadCredential"][0].split(":")[0]
    (folder / credential).write_text(TOKEN)
    environment = dict(
        line.replace("%S", "/var/lib").replace("%d", str(folder)).split("=", 1) for line in settings["Environment"])
    plan = configuration_plan(DEPLOY / "examples/shop.yaml", SHOAL_HTTP__LISTEN="0.0.0.0:8080", **environment)
    require(re.search(r"directory +/var/lib/shoal/", plan), f"shoal.service: the state is elsewhere:\n{plan}")
    checked("shoal.service")


def dockerfile():
    """The stages of the Dockerfile: lists of instructions with their texts."""
    text = re.sub(r"^\s*#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    stages = []
    for line in re.sub(r"\\\n", "", text).splitlines():
        if not line.strip():
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, rest.strip()))
    return stages


def only(stage, word):
    found = [text for name, text in stage if name == word]
    require(len(found) == 1, f"Dockerfile: {len(found)} × {word} in a stage")
    return found[0]


def packages(stage):
    runs = " ".join(text for word, text in stage if word == "RUN")
    return re.search(r"apt-get install --yes --no-install-recommends([^&]*)", runs).group(1).split()


def check_image():
    """The Dockerfile copies what exists, brings the libraries that the program wants, and starts it rightly."""
    output(TOOLS / "hadolint", "--failure-threshold", "style", DEPLOY / "Dockerfile")
    build, image = dockerfile()
    allowed = [line.removeprefix("!") for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
               if line.startswith("!")]
    for text in (text for word, text in build if word == "COPY"):
        for pattern in text.split()[:-1]:
            found = [path.name for path in DEPLOY.parent.glob(pattern)]
            require(found, f"Dockerfile: COPY {pattern} finds nothing")
            require(set(found) <= set(allowed), f"Dockerfile.dockerignore keeps {found} out")

    require(json.loads(only(image, "ENTRYPOINT")) == ["shoal"], "Dockerfile: the entry point is not shoal")
    require_command(json.loads(only(image, "CMD")), "Dockerfile")
    version = output(SHOAL, "--version").strip()
    require(f"VERSION={version}" in [text for word, text in image if word == "ARG"],
            f"Dockerfile: the label has not the program's version, {version}")
    require(re.fullmatch(r"[1-9]\d*:[1-9]\d*", only(image, "USER")), "Dockerfile: the user is root, or a name")
    checked("Dockerfile")
    check_build(build)
    check_libraries(image)


def package(folder, scratch):
    """The targets of the package there, with their files."""
    text = output(
        "swift", "package", "--package-path", folder, "--scratch-path", scratch, "describe", "--type", "json",
        timeout=600)
    return {target["name"]: target["sources"] for target in json.loads(text)["targets"]}


def check_build(build):
    """What the image is built of is the package that is tested here, built with the command that built it here."""
    command = re.search(r"swift build[^&]*", " ".join(text for word, text in build if word == "RUN")).group(0).split()
    here = re.search(r"swift build.*", (DEPLOY / "lib.sh").read_text()).group(0)
    require(command == here.replace('--package-path "$root" ', "").replace(" >&2", "").split(),
            f"Dockerfile: {' '.join(command)} is not {here}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "shoal"
        folder.mkdir()
        for *patterns, target in (text.split() for word, text in build if word == "COPY"):
            for path in (path for pattern in patterns for path in DEPLOY.parent.glob(pattern)):
                if path.is_dir():
                    shutil.copytree(path, folder / target)
                else:
                    shutil.copy(path, folder / target)
        copied, whole = package(folder, f"{name}/build"), package(DEPLOY.parent, f"{name}/build-whole")
        require(copied == whole, f"Dockerfile: what is copied is another package: {copied}")
        stripped = f"{name}/stripped"
        strip = re.search(r"strip --[^&]*", " ".join(text for word, text in build if word == "RUN")).group(0).split()
        output(*strip[:-3], "-o", stripped, SHOAL)
        require(output(stripped, "--version") == output(SHOAL, "--version"), "the stripped program is another")
    checked(f"the image is built of {sum(map(len, whole.values()))} files, with the command that built this program")


def check_libraries(image):
    """Each shared library that the program needs comes from a package of the image."""
    release = re.search(r":(\w+)", only(image, "FROM")).group(1)
    if f"VERSION_CODENAME={release}\n" not in pathlib.Path("/etc/os-release").read_text():
        print(f"not checked: which packages the libraries are from, as this is not {release}")
        return
    needed = re.findall(r"^\t(\S+) => \S+", output("ldd", SHOAL), re.MULTILINE)
    require(len(needed) > 3, f"the program needs hardly any library: {needed}")
    base = {"libc6", "libgcc-s1"}
    for library in needed:
        # Its librdkafka is its own, without Kerberos.
        if library.startswith(("librdkafka.", "libsasl2.")):
            continue
        owner = output("dpkg-query", "--search", f"*/{library}").split(":")[0]
        require(owner in base | set(packages(image)), f"Dockerfile: {owner} is missing, the package of {library}")
    checked(f"the image has the libraries of the program: {len(needed)}")


class Failing(http.server.BaseHTTPRequestHandler):
    """A daemon that lives but has failed."""

    def do_GET(self):
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_):
        pass


def check_health():
    """The image's health check, run here: well with a daemon that is, not with one that has failed or is gone."""
    text = only(dockerfile()[1], "HEALTHCHECK")
    command = json.loads(text[text.index("CMD ") + 4:])

    def verdict(address):
        environment = {"PATH": os.environ["PATH"], "SHOAL_HTTP__LISTEN": address}
        return subprocess.run(command, env=environment, capture_output=True, timeout=20).returncode

    with demo() as running:
        address = running.url.removeprefix("http://")
        require(verdict(address) == 0, f"the health check says {verdict(address)} of a daemon that is well")
        running.child.terminate()
        wait_for("the demo ends", lambda: running.child.poll() is not None, 15)
        require(verdict(address) != 0, "the health check says that a daemon is well that is gone")
    server = http.server.HTTPServer(("127.0.0.1", free_port()), Failing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        require(verdict(f"127.0.0.1:{server.server_port}") != 0, "the health check takes 503 for well")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    checked("the image's health check tells well, failed and gone apart")


def check_compose():
    """Compose takes its file, but not without a token; all that it mounts, names and asks for is there."""
    command = [TOOLS / "docker-compose", "--file", DEPLOY / "compose.yaml", "--env-file", "/dev/null", "config"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    refused = subprocess.run([*command, "--quiet"], env=environment, capture_output=True, text=True)
    require(refused.returncode != 0 and "SHOAL_API_TOKEN" in refused.stderr, "compose.yaml: it starts without a token")
    project = json.loads(output(*command, "--format", "json", env=environment | {"SHOAL_API_TOKEN": TOKEN}))
    services = project["services"]

    targets = {}
    for name, service in services.items():
        for mount in service.get("volumes", []):
            targets.setdefault(name, {})[mount["target"]] = mount
            require(mount["type"] == "volume" or pathlib.Path(mount["source"]).is_file(),
                    f"compose.yaml: {name} mounts {mount['source']}, which is no file")
        for port in service.get("ports", []):
            require(port.get("host_ip") == "127.0.0.1", f"compose.yaml: {name} can be reached from other machines")
        if "build" in service:
            context = pathlib.Path(service["build"]["context"])
            require(context == DEPLOY.parent and (context / service["build"]["dockerfile"]).is_file(),
                    f"compose.yaml: {name} is built from {service['build']}")
            require_command(service.get("command") or json.loads(only(dockerfile()[1], "CMD")), f"compose.yaml, {name}")
        for other, wanted in service.get("depends_on", {}).items():
            done = "service_completed_successfully" if other == "topics" else "service_healthy"
            require(wanted["condition"] == done, f"compose.yaml: {name} waits for {other} to be {wanted['condition']}")

    require_time_to_stop(int(services["shoal"]["stop_grace_period"].removesuffix("s")), "compose.yaml")

    plan = configuration_plan(DEPLOY / "compose/shoal.yaml", SHOAL_API_TOKEN=TOKEN)
    settings = read_yaml("compose/shoal.yaml")
    topics = re.search(r"topics (.*)", plan).group(1).split(", ")
    to = services["simulator"]["command"][services["simulator"]["command"].index("--to") + 1]
    require(to.removeprefix("kafka://").rsplit("/", 1) == [settings["kafka"]["bootstrap"], topics[0]],
            f"compose.yaml: the simulator writes to {to}, which is not what Shoal reads")
    check_compose_addresses(services, settings)
    check_compose_monitoring(services, targets, project)
    checked(f"compose.yaml: {', '.join(services)}")


def check_compose_addresses(services, settings):
    """Where one service asks another there is one, at that port."""
    kafka = services["kafka"]["environment"]
    require("INSIDE://" + settings["kafka"]["bootstrap"] in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","),
            f"compose.yaml: no broker calls itself {settings['kafka']['bootstrap']}")
    for name in re.findall(r"INSIDE|OUTSIDE|CONTROLLER", kafka["KAFKA_LISTENERS"]):
        require(f"{name}:" in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"], f"compose.yaml: no protocol of {name}")
    listen = settings["http"]["listen"].rsplit(":", 1)[1]
    require([int(listen)] == [port["target"] for port in services["shoal"]["ports"]],
            f"compose.yaml: the published port is not {listen}")
    source = read_yaml("compose/grafana/datasources.yaml")["datasources"][0]
    require(source["url"] == "http://prometheus:9090" and "prometheus" in services, f"Grafana asks {source['url']}")


def check_compose_monitoring(services, targets, project):
    """Prometheus finds its rules, its target and the token; Grafana finds its dashboard and that its source."""
    mounts = targets["prometheus"]
    options = dict(option.split("=", 1) for option in services["prometheus"]["command"])
    path = options["--config.file"]
    require(path in mounts, f"compose.yaml: Prometheus has no {path}")
    output("promtool", "check", "config", "--syntax-only", DEPLOY / "compose/prometheus.yaml")
    ours, model = read_yaml("compose/prometheus.yaml"), read_yaml("monitoring/prometheus.yaml")
    for rules in ours["rule_files"]:
        require(str(pathlib.Path(path).parent / rules) in mounts, f"compose.yaml: Prometheus has no {rules}")
    require(ours["rule_files"] == model["rule_files"], "compose/prometheus.yaml has other rules than monitoring's")
    (job,), (example,) = ours["scrape_configs"], model["scrape_configs"]
    require(job["job_name"] == example["job_name"], f"compose/prometheus.yaml: the job is called {job['job_name']}")
    labels = [scrape["static_configs"][0].get("labels", {}).keys() for scrape in (job, example)]
    require(labels[0] == labels[1], f"compose/prometheus.yaml: {labels[0]} are not the labels of monitoring's")
    require(job["static_configs"][0]["targets"] == ["shoal:8080"], "compose/prometheus.yaml scrapes something else")
    secrets = {secret["target"]: secret["source"] for secret in services["prometheus"]["secrets"]}
    secret = secrets.get(job["authorization"]["credentials_file"])
    require(secret and project["secrets"][secret]["environment"] == "SHOAL_API_TOKEN",
            "compose.yaml: Prometheus is not given the token where it looks for it")

    folder = read_yaml("compose/grafana/dashboards.yaml")["providers"][0]["options"]["path"]
    boards = [mount["source"] for target, mount in targets["grafana"].items() if target.startswith(folder + "/")]
    require(boards, f"compose.yaml: no dashboard in {folder}")
    home = services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    require(home in targets["grafana"], f"compose.yaml: Grafana's first page {home} is not there")
    source = read_yaml("compose/grafana/datasources.yaml")["datasources"][0]
    # `${…}` lets Grafana choose, `-- … --` is its own.
    for uid in re.findall(r'"datasource": {[^}]*"uid": "([^$-][^"]*)"', pathlib.Path(boards[0]).read_text()):
        require(uid == source["uid"], f"{boards[0]}: there is no data source {uid}")


def rendered(folder):
    text = output(TOOLS / "kubectl", "kustomize", DEPLOY / "kubernetes" / folder)
    return {(item["kind"], item["metadata"]["name"]): item for item in yaml.safe_load_all(text)}


def check_kubernetes(folder):
    """What kustomize makes of the folders is valid and holds together."""
    base, items = rendered("base"), rendered("monitoring")
    require(all(items.get(key) == item for key, item in base.items()), "kubernetes/monitoring has not all of the base")
    require(base.keys() ^ items.keys() == {("ServiceMonitor", "shoal"), ("PrometheusRule", "shoal")},
            f"kubernetes/monitoring adds {base.keys() ^ items.keys()}")
    for item in base.values():
        for version in KUBERNETES_VERSIONS:
            try:
                kubernetes_validate.validate(item, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                raise SystemExit(f"FAILED: Kubernetes {version}, {item['kind']}: {error}") from None
    namespaces = {item["metadata"].get("namespace") for key, item in items.items() if key[0] != "Namespace"}
    require(namespaces == {"shoal"}, f"kubernetes: there are objects of {namespaces}")

    pods = items["StatefulSet", "shoal"]["spec"]
    labels = pods["template"]["metadata"]["labels"]
    container, = pods["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    check_selectors(items, pods, labels, ports)
    check_pods(items, pods["template"]["spec"], container, ports)
    check_configuration(items, pods, container, ports, folder)
    check_operator(items, container)
    checked(f"kubernetes: {len(items)} objects, for Kubernetes {' and '.join(KUBERNETES_VERSIONS)}")


def check_selectors(items, pods, labels, ports):
    selectors = {
        "StatefulSet": pods["selector"]["matchLabels"],
        "the spread": pods["template"]["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
        "PodDisruptionBudget": items["PodDisruptionBudget", "shoal"]["spec"]["selector"]["matchLabels"],
        "NetworkPolicy": items["NetworkPolicy", "shoal"]["spec"]["podSelector"]["matchLabels"],
    }
    services = {name: item["spec"] for (kind, name), item in items.items() if kind == "Service"}
    selectors |= {f"Service {name}": service["selector"] for name, service in services.items()}
    for who, selector in selectors.items():
        require(selector and selector.items() <= labels.items(),
                f"kubernetes: {who} selects {selector}, pods have {labels}")
    for name, service in services.items():
        for port in service["ports"]:
            require(port["targetPort"] in ports, f"kubernetes: service {name} names the port {port['targetPort']}")
    require(services[pods["serviceName"]].get("clusterIP") == "None",
            "kubernetes: the service of the set is not headless")
    for rule in items["NetworkPolicy", "shoal"]["spec"]["ingress"]:
        require({port["port"] for port in rule["ports"]} == set(ports), "kubernetes: NetworkPolicy opens other ports")


def check_pods(items, pod, container, ports):
    paths = read_yaml("openapi.yaml")["paths"]
    for name in ["startupProbe", "livenessProbe", "readinessProbe"]:
        probe = container[name]["httpGet"]
        require(probe["path"] in paths and probe["port"] in ports, f"kubernetes: {name} asks {probe}")
        require(paths[probe["path"]]["get"].get("security") == [], f"kubernetes: {probe['path']} wants a token")
    require(container["livenessProbe"]["httpGet"]["path"] != container["readinessProbe"]["httpGet"]["path"],
            "kubernetes: an instance that is not ready would be killed")
    require_time_to_stop(pod["terminationGracePeriodSeconds"], "kubernetes")
    user = only(dockerfile()[1], "USER")
    context = pod["securityContext"]
    require(f"{context['runAsUser']}:{context['runAsGroup']}" == user, f"kubernetes: the image's user is {user}")
    require(("ServiceAccount", pod["serviceAccountName"]) in items, "kubernetes: the service account is missing")
    require_command(container["args"], "kubernetes")
    version = output(SHOAL, "--version").strip()
    require(container["image"].endswith(f":{version}"), f"kubernetes: {container['image']} is not version {version}")


def check_configuration(items, pods, container, ports, folder):
    """The program takes the ConfigMap in the environment that a pod gives it."""
    volumes = {volume["name"]: volume for volume in pods["template"]["spec"]["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    claims = [claim["metadata"]["name"] for claim in pods["volumeClaimTemplates"]]
    require(mounts.keys() == volumes.keys() | set(claims), f"kubernetes: mounted are {list(mounts)}")
    named = items["ConfigMap", volumes["configuration"]["configMap"]["name"]]["data"]
    directory, _, name = container["args"][-1].rpartition("/")
    require(mounts["configuration"] == directory and name in named, f"kubernetes: there is no {container['args'][-1]}")
    (folder / name).write_text(named[name])

    cores = container["resources"]["requests"]["cpu"]
    environment = {}
    for variable in container["env"]:
        source = variable.get("valueFrom", {})
        if "resourceFieldRef" in source:
            require(source["resourceFieldRef"]["resource"] == "requests.cpu", f"kubernetes: {variable}")
            value = cores
        elif "fieldRef" in source:
            value = {"metadata.name": "shoal-0", "metadata.namespace": "shoal"}[source["fieldRef"]["fieldPath"]]
        else:
            value = TOKEN if "secretKeyRef" in source else variable["value"]
        environment[variable["name"]] = re.sub(r"\$\((\w+)\)", lambda found: environment[found.group(1)], value)
    plan = configuration_plan(folder / name, **environment)
    service = pods["serviceName"]
    for wanted in [
        "instance +shoal-0, a static member", f"lanes +{cores}\n", rf"listen +0.0.0.0:{ports['http']}\n",
        f"advertised as +http://shoal-0.{service}.shoal.svc:{ports['http']}\n", f"directory +{mounts[claims[0]]}/",
    ]:
        require(re.search(wanted, plan), f"kubernetes: the program does not see {wanted!r}:\n{plan}")
    configuration = yaml.safe_load(named[name])
    shop = read_yaml("examples/shop.yaml")
    require(all(configuration[section] == shop[section] for section in shop), "kubernetes: not the plan of shop.yaml")


def check_operator(items, container):
    """What Prometheus' operator is given has no field that it does not know, and selects what there is."""
    monitor, rules = items["ServiceMonitor", "shoal"]["spec"], items["PrometheusRule", "shoal"]["spec"]
    fields = {"jobLabel", "selector", "endpoints"}
    require(monitor.keys() == fields, f"ServiceMonitor: {monitor.keys() ^ fields}")
    endpoint, = monitor["endpoints"]
    fields = {"port", "path", "interval", "authorization", "relabelings"}
    require(endpoint.keys() == fields, f"ServiceMonitor's endpoint: {endpoint.keys() ^ fields}")
    require(all(rule.keys() == {"targetLabel", "replacement"} for rule in endpoint["relabelings"]), "ServiceMonitor: "
            "a relabelling is incomplete")
    wanted = monitor["selector"]["matchLabels"].items()
    found = [item for (kind, _), item in items.items()
             if kind == "Service" and wanted <= item["metadata"]["labels"].items()]
    require(len(found) == 1, f"ServiceMonitor selects {len(found)} services, so instances are scraped as often")
    require(endpoint["port"] in [port["name"] for port in found[0]["spec"]["ports"]], "ServiceMonitor: no such port")
    require(endpoint["path"] in read_yaml("openapi.yaml")["paths"], f"ServiceMonitor: no {endpoint['path']}")
    tokens = [variable["valueFrom"]["secretKeyRef"] for variable in container["env"]
              if variable["name"] == "SHOAL_API_TOKEN"]
    require(endpoint["authorization"] == {"type": "Bearer", "credentials": tokens[0]}, "ServiceMonitor: another token")
    scrape, = read_yaml("monitoring/prometheus.yaml")["scrape_configs"]
    require(found[0]["metadata"]["labels"][monitor["jobLabel"]] == scrape["job_name"], "ServiceMonitor: another job")
    labels = {rule["targetLabel"]: rule["replacement"] for rule in endpoint["relabelings"]}
    require(labels == scrape["static_configs"][0]["labels"],
            f"ServiceMonitor: {labels} are not prometheus.yaml's labels")
    require(rules == read_yaml("monitoring/shoal.rules.yaml"),
            "PrometheusRule: its spec is not what monitoring/shoal.rules.yaml has; copy the groups")


with tempfile.TemporaryDirectory() as name:
    check_texts()
    check_unit(pathlib.Path(name))
    check_image()
    check_compose()
    check_kubernetes(pathlib.Path(name))
    check_health()
