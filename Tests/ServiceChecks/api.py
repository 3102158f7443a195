"""Every answer is what Deploy/openapi.yaml says, writes do what they say, and nothing goes without the token."""

import json
import pathlib

import jsonschema
import yaml

from service import TOKEN, ask, get, require, some_customer, wait_for

document = yaml.safe_load(
    (pathlib.Path(__file__).parents[2] / "Deploy/openapi.yaml").read_text())


def plain(schema):
    """OpenAPI 3.0 in the words of JSON Schema: `nullable` is a type there."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return plain(target)
    result = {name: plain(part) for name, part in schema.items() if name != "nullable"}
    return {"anyOf": [result, {"type": "null"}]} if schema.get("nullable") else result


def check(path, template=None, status=200, method="GET", value=None):
    operation = document["paths"][template or path.split("?")[0]][method.lower()]
    response = plain(operation["responses"][str(status)])
    body = get(path) if value is None else value
    jsonschema.validate(body, response["content"]["application/json"]["schema"])
    return body


status = check("/v1/status")
require(status["ready"] and status["events"] > 0, "a ready daemon has processed events")
segments = check("/v1/segments")
require(len(segments["segments"]) > 1, "there are segments")
require(sum(s["members"] for s in segments["segments"]) > 0, "segments have members")
for segment in segments["segments"]:
    details = check(f"/v1/segments/{segment['id']}", "/v1/segments/{id}")
    require(len(details["typical"]) > 5, "all features are told")
wait_for("moves are counted", lambda: check("/v1/transitions")["changes"] > 0)
check("/v1/transitions?minutes=5")
check("/v1/drift")
check("/v1/model")
check("/health/ready")


def listed():
    """The ids of the segments, now: the shop is being learnt, so there may be others a moment later."""
    return [segment["id"] for segment in check("/v1/segments")["segments"]]


wait_for("the model has the segments", lambda: check("/v1/model")["live"]["segments"] == len(listed()))

# Customers.
customer = some_customer()
found = wait_for(
    "a customer's change is among the recent ones",
    lambda: (check(f"/v1/customers/{customer}", "/v1/customers/{id}") or {}).get("recent_changes")
    and check(f"/v1/customers/{customer}", "/v1/customers/{id}"))
require(found["customer_id"] == customer, "the answer is of who was asked for")
require(found["distances"][0]["distance"] <= found["distances"][-1]["distance"], "nearest first")


def is_placed():
    """The customer is in a segment of the list, and every one of the list has its distance."""
    view, ids = get(f"/v1/customers/{customer}"), listed()
    return view["segment"]["id"] in ids and {d["id"] for d in view["distances"]} == set(ids)


wait_for("the customer is in a segment, and the distance to every one is told", is_placed)
ids = listed()
export = check(f"/v1/customers/{customer}/export", "/v1/customers/{id}/export")
require(export["profile"]["customer_id"] == customer, "the export has the profile")
status, _, body = ask("/v1/customers/nobody-of-that-name")
require(status == 404, f"an unknown customer is 404, not {status}")
check(None, "/v1/customers/{id}", 404, value=json.loads(body))

# Without the token nothing changes; with it, what was asked for.
writes = [
    ("PATCH", f"/v1/segments/{ids[0]}", b'{"name":"x"}'), ("POST", "/v1/model/promote", b"{}"),
    ("POST", "/v1/model/rollback", b"{}"), ("DELETE", f"/v1/customers/{customer}", None),
]
for method, path, body in writes:
    for token in [None, "wrong", TOKEN[:-1], TOKEN + "x"]:
        status, _, _ = ask(path, method, body, token)
        require(status == 401, f"{method} {path} with {token and 'a wrong token'} answers {status}")
require("x" not in [segment["name"] for segment in get("/v1/segments")["segments"]], "nothing was renamed")

name = 'friends <img src=x onerror=alert(1)> & "co"'
status, _, body = ask(f"/v1/segments/{ids[0]}", "PATCH", json.dumps({"name": name}).encode(), TOKEN)
require(status == 200, f"renaming answers {status}: {body}")
check(None, "/v1/segments/{id}", 200, "PATCH", json.loads(body))
wait_for(
    "the new name is in force",
    lambda: (ids[0], name) in [(segment["id"], segment["name"]) for segment in get("/v1/segments")["segments"]])
for body, expected in [(b'{"name":""}', 409), (b"{}", 400), (b"not JSON", 400), (b" " * 20_000, 413)]:
    status, _, _ = ask(f"/v1/segments/{ids[0]}", "PATCH", body, TOKEN)
    require(status == expected, f"a body of {body[:20]} answers {status}, not {expected}")
status, _, body = ask("/v1/model/promote", "POST", b"{}", TOKEN)
require(status == 409 and b"no candidate" in body, f"promoting nothing answers {status}: {body}")

status, _, body = ask(f"/v1/customers/{customer}", "DELETE", None, TOKEN)
require(status == 202, f"erasing answers {status}: {body}")
first_seen = found["first_seen"]


def is_erased():
    """The shop goes on with the customer, who then is somebody new."""
    status, _, body = ask(f"/v1/customers/{customer}")
    return status == 404 or status == 200 and json.loads(body)["first_seen"] != first_seen


wait_for("the customer is erased", is_erased)

status, headers, body = ask("/v1/model/card")
require(status == 200 and body.startswith(b"# Model card"), "the card is Markdown")
require(b"<img" not in body, "a segment's name is no markup in the card")
status, headers, body = ask("/v1/model/card", headers={"Accept": "application/json"})
require(status == 200 and json.loads(body)["features"], "the card is JSON for who wants that")

# Every answer forbids what a page may not do.
for path in ["/", "/v1/status", "/nothing"]:
    _, headers, _ = ask(path)
    require("default-src 'none'" in headers["Content-Security-Policy"], f"{path} has no policy")
    require(headers["X-Content-Type-Options"] == "nosniff", f"{path} may be sniffed")
    require("Access-Control-Allow-Origin" not in headers, f"{path} lets other sites read")
status, headers, _ = ask("/v1/status", "PUT", b"{}", TOKEN)
require(status == 405 and headers["Allow"] == "GET", f"an unknown method answers {status}")
