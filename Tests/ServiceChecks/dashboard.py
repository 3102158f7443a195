"""The dashboard in a real browser: alive at once, true, live, searchable, and no markup out of a name."""

import json
import pathlib
import time

from browser import Browser
from service import TOKEN, URL, ask, get, require, some_customer, wait_for

pictures = pathlib.Path(__file__).parents[2] / ".build/screenshots"
segments = {segment["id"]: segment for segment in get("/v1/segments")["segments"]}
first = next(iter(segments))
name = 'friends <img src=x onerror=alert(1)> & "co"'
ask(f"/v1/segments/{first}", "PATCH", json.dumps({"name": name}).encode(), TOKEN)
wait_for("the name is in force", lambda: get(f"/v1/segments/{first}")["name"] == name)

browser = Browser()
try:
    started = time.monotonic()
    browser.call("Page.navigate", url=URL + "/")
    wait_for(
        "the page is alive",
        lambda: browser.value("document.querySelector('#connection')?.dataset.state") == "live"
        and browser.value("document.querySelectorAll('article[data-segment]').length") > 1, 30)
    seconds = time.monotonic() - started
    print(f"alive after {seconds:.1f} s")

    shown = "[...document.querySelectorAll('article[data-segment]')].map(a => a.dataset.segment)"
    wait_for("it shows the segments",
             lambda: sorted(browser.value(shown)) == sorted(s["id"] for s in get("/v1/segments")["segments"]))
    card = f"document.querySelector('article[data-segment=\"{first}\"]')"
    require(name in browser.value(f"{card}.textContent"), "the name is shown as it is")
    require(browser.value("document.querySelectorAll('img[src=\"x\"]').length") == 0, "a name is no markup")
    wait_for(
        "every segment's name is that of the daemon",
        lambda: all(
            segment["name"] in browser.value(
                f"document.querySelector('article[data-segment=\"{segment['id']}\"]')?.textContent ?? ''")
            for segment in get("/v1/segments")["segments"]))

    # Live.
    health = browser.value("document.querySelector('#health').textContent")
    wait_for("the health is that of a moment later",
             lambda: browser.value("document.querySelector('#health').textContent") != health, 10)
    wait_for("changes come in",
             lambda: browser.value("document.querySelectorAll('#changes tbody tr').length") > 3, 30)
    wait_for("the flow is counted",
             lambda: browser.value("document.querySelectorAll('#flow td').length") > 3, 30)

    # The search finds the customer and says why.
    customer = some_customer()
    browser.value(f"""(() => {{
        document.querySelector('#customer-id').value = {json.dumps(customer)};
        document.querySelector('#customer-search').requestSubmit();
    }})()""")
    result = "document.querySelector('#customer-result').textContent"
    wait_for("the customer is found", lambda: customer in browser.value(result), 10)
    found = json.loads(ask(f"/v1/customers/{customer}")[2])
    text = browser.value(result)
    require(all(f["feature"].replace("_", " ") in text.lower() for f in found["features"]),
            f"the features are told: {text[:500]}")
    complaints = list(browser.complaints)
    require(not complaints, f"the page complains: {complaints}")
    browser.value("""(() => {
        document.querySelector('#customer-id').value = 'nobody-of-that-name';
        document.querySelector('#customer-search').requestSubmit();
    })()""")
    wait_for("that nobody is found is said",
             lambda: customer not in browser.value(result) and "nobody-of-that-name" in browser.value(result), 10)
    browser.complaints.clear()
    browser.value(f"""(() => {{
        document.querySelector('#customer-id').value = {json.dumps(customer)};
        document.querySelector('#customer-search').requestSubmit();
    }})()""")
    wait_for("the customer is found again", lambda: customer in browser.value(result), 10)

    # What a person sees.
    for scheme, width in [("light", 1280), ("dark", 1280), ("light", 390)]:
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                     mobile=width < 600)
        browser.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        overflow = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        require(overflow <= 0, f"at {width} pixels the page is {overflow} too wide")
        browser.screenshot(pictures / f"dashboard-{scheme}-{width}.png")
    require(not browser.complaints, f"the page complains: {browser.complaints}")
finally:
    browser.close()
print(f"screenshots are in {pictures}")
