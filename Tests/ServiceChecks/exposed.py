"""Where other machines can reach the service, nothing but its health answers without the token."""

import http.client
import os
import pathlib
import socket
import subprocess

import yaml

from service import TOKEN, require, wait_for

SHOAL = os.environ["SHOAL"]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def outer_address():
    """How other machines would call this one; its loopback if there is no network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


HOST, PORT = outer_address(), free_port()
DEMO = [SHOAL, "demo", "--rate", "100", "--customers", "200", "--duration", "300", "--json"]
SURROUNDINGS = {**os.environ, "SHOAL_HTTP__LISTEN": f"0.0.0.0:{PORT}"}


def status(method, path, token=None):
    connection = http.client.HTTPConnection(HOST, PORT, timeout=10)
    try:
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return connection.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


# Without a token it does not even start.
refused = subprocess.run(
    DEMO, env={name: value for name, value in SURROUNDINGS.items() if name != "SHOAL_API_TOKEN"},
    capture_output=True, text=True, timeout=30)
require(refused.returncode == 2, f"without a token it ends with {refused.returncode}: {refused.stderr}")
require("SHOAL_API_TOKEN" in refused.stderr, f"it does not say what is missing: {refused.stderr}")

demo = subprocess.Popen(DEMO, env=SURROUNDINGS, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
try:
    wait_for("an answer", lambda: status("GET", "/health/live") == 200)
    paths = yaml.safe_load((ROOT / "Deploy" / "openapi.yaml").read_text())["paths"]
    asked = [(method.upper(), path.replace("{id}", "x")) for path, methods in paths.items() for method in methods
             if method in ("get", "post", "patch", "delete")]
    require(len(asked) > 15, f"the contract has {len(asked)} operations")
    for method, path in [*asked, ("GET", "/"), ("GET", "/dashboard.js"), ("GET", "/nowhere")]:
        for token in (None, "", TOKEN[:-1], TOKEN + "x"):
            found = status(method, path, token)
            if path.startswith("/health/"):
                require(found in (200, 503), f"{method} {path} answers {found}")
            else:
                require(found == 401, f"{method} {path} answers {found} with the token {token!r}")
    for path in ("/", "/metrics", "/v1/status", "/v1/segments"):
        require(status("GET", path, TOKEN) == 200, f"{path} does not answer with the token")
finally:
    demo.terminate()
    _, errors = demo.communicate(timeout=60)
require(demo.returncode == 0, f"the demo ended with {demo.returncode}: {errors}")
require(TOKEN not in errors, "the token is in the log")
print(f"{len(asked)} operations at {HOST}")
