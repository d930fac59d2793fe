"""The client of deploy/check.sh: what an app does over HTTP, with nothing but the standard library.

It runs in a container beside the gateway. ``first`` registers an endpoint, joins a couple and checks in; ``again``
finds all of that and brings the next nudge; ``watched`` asks Prometheus and Grafana what they see of it. Each prints
one line per thing that holds, and ends with exit code 1 at the first that does not.
"""

# ruff: noqa: INP001, T201 - a script, not a package, and printing is what it is for

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

GATEWAY = "http://gateway:8080"
PROMETHEUS = "http://prometheus:9090"
GRAFANA = "http://grafana:3000"
SERVICES = {"intake", "cadence", "invites", "nudges", "calendars", "gateway"}
SCRAPED_WITHIN = 90
PATIENCE_SECONDS = 30
NOTE = "this note stays where it is"
EAGER = {"lead": "P8D"}
COUPLE: dict[str, Any] = {
    "external_id": "check",
    "tz": "Europe/Berlin",
    "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "tz": "Europe/Lisbon", "quiet": None}],
    "cadence": {"fun": EAGER, "business": EAGER, "emotional": EAGER},
    "budget": {"per_week": None, "min_gap": "PT0S"},
}
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main(step: str) -> None:
    """Run one step."""
    {"first": first, "again": again, "watched": watched}[step]()


def first() -> None:
    """What a newcomer does; the endpoint comes before the couple, so that the first nudge has somewhere to go."""
    endpoint = {"url": "http://receiver:9000/check", "secret": os.environ["CHECK_WEBHOOK_SECRET"]}
    held(f"an endpoint is registered: {call('POST', '/v1/endpoints', endpoint)['id']}")
    couple = join()
    check_in = {"partner": "sam", "mood": 3, "connection": 2, "talk": "surface", "note": NOTE}
    answer = call("POST", f"/v1/couples/{couple['id']}/check-ins", check_in)
    held(f"a check-in is taken: {answer['id']}")
    held(f"the feed has {feed(couple)} events")


def again() -> None:
    """What must still be there later on, and the next nudge."""
    couple = join()
    endpoints = len(call("GET", "/v1/endpoints")["items"])
    expect(endpoints == 1, f"the endpoint is kept (there are {endpoints})")
    log = json.dumps(call("GET", f"/v1/couples/{couple['id']}/log"))
    expect("checkin.reported" in log, "the log has the check-in")
    expect(NOTE not in log, "the log shows no note")
    held(f"the feed has {feed(couple)} events")
    report_date(couple)


def watched() -> None:
    """Every service is scraped, the alerts are loaded, and the dashboard is there."""
    deadline = time.monotonic() + SCRAPED_WITHIN
    while (seen := scraped()) != SERVICES:
        if time.monotonic() > deadline:
            failed(f"Prometheus sees only {', '.join(sorted(seen)) or 'nothing'}")
        time.sleep(2)
    held("Prometheus reads the metrics of every service")
    (beats,) = metric("max(threedates_heartbeat_up)")
    expect(beats["value"][1] == "1", "due couples are being looked at")
    groups = json.loads(reach(f"{PROMETHEUS}/api/v1/rules"))["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    expect(bool(rules) and all(rule["health"] != "err" for rule in rules), f"{len(rules)} alerts are loaded")
    while (title := dashboard()) is None:
        if time.monotonic() > deadline:
            failed("Grafana has no dashboard")
        time.sleep(2)
    held(f"Grafana has the dashboard {title}")


def scraped() -> set[str]:
    """The services that Prometheus gets an answer from."""
    return {found["metric"]["service"] for found in metric("threedates_broker_up == 1")}


def metric(expression: str) -> list[dict[str, Any]]:
    """What Prometheus says of an expression; nothing while it does not answer."""
    try:
        answer = reach(f"{PROMETHEUS}/api/v1/query?{urllib.parse.urlencode({'query': expression})}")
    except OSError:
        return []
    found: list[dict[str, Any]] = json.loads(answer)["data"]["result"]
    return found


def dashboard() -> str | None:
    """The title of the dashboard that is provisioned; None while Grafana has none."""
    try:
        title: str = json.loads(reach(f"{GRAFANA}/api/dashboards/uid/threedates"))["dashboard"]["title"]
    except OSError:
        return None
    return title


def reach(url: str) -> bytes:
    """What stands at an address beside ours. Raises OSError."""
    with HTTP.open(url, timeout=PATIENCE_SECONDS) as answer:
        content: bytes = answer.read()
        return content


def join() -> dict[str, Any]:
    """Join the couple; by its idempotency key it is the same one every time."""
    couple: dict[str, Any] = call("POST", "/v1/couples", COUPLE, key="deploy-check")
    held(f"the couple is there: {couple['id']}")
    return couple


def report_date(couple: dict[str, Any]) -> None:
    """A fun date that has just ended opens the next cycle, and with this couple's lead its proposal comes at once."""
    now = datetime.fromtimestamp(time.time(), UTC)
    body = {
        "by": "sam",
        "kind": "fun",
        "start": (now - timedelta(hours=3)).isoformat(timespec="seconds"),
        "end": now.isoformat(timespec="seconds"),
        "status": "held",
    }
    answer = call("POST", f"/v1/couples/{couple['id']}/dates", body)
    held(f"a fun date is reported: {answer['id']}")


def feed(couple: dict[str, Any]) -> int:
    """How many events the couple's feed has, once it has any."""
    path = "/feeds/" + couple["feed_url"].partition("/feeds/")[2]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        text = request("GET", path).decode()
        if not text.startswith("BEGIN:VCALENDAR"):
            failed("the feed is not a calendar")
        if events := text.count("BEGIN:VEVENT"):
            return events
        if time.monotonic() > deadline:
            failed(f"the feed has no event after {PATIENCE_SECONDS} s")
        time.sleep(0.5)


def call(method: str, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
    """One call of /v1 with the API key of the installation."""
    headers = {"Authorization": f"Bearer {os.environ['CHECK_API_KEY']}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return json.loads(request(method, path, body, headers))


def request(method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> bytes:
    """One request; what the gateway refuses ends the check."""
    data = None if body is None else json.dumps(body).encode()
    made = urllib.request.Request(  # noqa: S310 - the address is this file's own
        GATEWAY + path, data, {"Content-Type": "application/json", **(headers or {})}, method=method
    )
    try:
        with HTTP.open(made, timeout=PATIENCE_SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        failed(f"{method} {path.partition('/feeds/')[0]}: {error.code} {error.read().decode(errors='replace')[:500]}")


def expect(is_so: bool, what: str) -> None:  # noqa: FBT001 - an assertion
    """Say that it holds, or end the check."""
    if not is_so:
        failed(f"it does not hold that {what}")
    held(what)


def held(what: str) -> None:
    """One thing that held."""
    print(f"  ok   {what}")


def failed(what: str) -> NoReturn:
    """End the check."""
    print(f"  FAIL {what}", file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1])
