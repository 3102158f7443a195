"""A real Prometheus scrapes the daemon, and its own linter finds nothing."""

import json
import pathlib
import subprocess
import tempfile
import urllib.parse
import urllib.request

from service import HOST, PORT, ask, require, wait_for

require(ask("/v1/customers/nobody")[0] == 404, "nobody is a customer")
status, headers, text = ask("/metrics")
require(status == 200, f"/metrics answers {status}")
linted = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
require(linted.returncode == 0 and not linted.stdout, f"promtool: {linted.stdout.decode()}{linted.stderr.decode()}")

with tempfile.TemporaryDirectory() as folder:
    configuration = pathlib.Path(folder) / "prometheus.yml"
    configuration.write_text(
        "scrape_configs:\n  - job_name: shoal\n    scrape_interval: 1s\n"
        f"    static_configs: [{{targets: ['{HOST}:{PORT}']}}]\n")
    port = subprocess.run(
        ["python3", "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"],
        capture_output=True, text=True, check=True).stdout.strip()
    log = open(pathlib.Path(folder) / "log", "w+")
    server = subprocess.Popen(
        ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)

    def query(expression):
        address = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return json.load(answer)["data"]["result"]
        except OSError:
            return []

    try:
        wait_for("Prometheus has scraped it", lambda: [r for r in query('up{job="shoal"}') if r["value"][1] == "1"])
        for expression in [
            'sum(shoal_events_total{outcome="accepted"}) > 0', "sum(shoal_lag_records) >= 0",
            "shoal_model_version > 0", "sum(shoal_segment_customers) > 0", "shoal_profile_bytes_per_customer > 0",
            "histogram_quantile(0.99, sum by (le) (rate(shoal_event_latency_seconds_bucket[10s]))) > 0",
            "rate(shoal_commit_duration_seconds_count[10s]) > 0", 'shoal_dead_letters_total{reason="not_json"} == 0',
            "shoal_customer_lookup_duration_seconds_count > 0",
            "shoal_ready == 1", "sum(shoal_segment_moves_total) > 0", "shoal_http_subscribers_dropped_total >= 0",
        ]:
            wait_for(expression, lambda: query(expression))
    finally:
        server.terminate()
        server.wait()
