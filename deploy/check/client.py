"""The client of deploy/check.sh: what an app does over HTTP, with nothing but the standard library.

It runs in a container beside the gateway. ``first`` registers an endpoint, joins a couple and checks in; ``again``
finds all of that, checks in once more and brings the next nudge. Each prints one line per thing that holds, and ends
with exit code 1 at the first that does not.
"""

# ruff: noqa: INP001, T201 - a script, not a package, and printing is what it is for

import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, NoReturn

GATEWAY = "http://gateway:8080"
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
    {"first": first, "again": again}[step]()


def first() -> None:
    """What a newcomer does; the endpoint comes before the couple, so that the first nudge has somewhere to go."""
    endpoint = {"url": "http://receiver:9000/check", "secret": os.environ["CHECK_WEBHOOK_SECRET"]}
    held(f"an endpoint is registered: {call('POST', '/v1/endpoints', endpoint)['id']}")
    couple = join()
    check_in(couple)
    held(f"the feed has {feed(couple)} events")


def again() -> None:
    """What must still be there later on, and the next nudge."""
    couple = join()
    endpoints = len(call("GET", "/v1/endpoints")["items"])
    expect(endpoints == 1, f"the endpoint is kept (there are {endpoints})")
    log = json.dumps(call("GET", f"/v1/couples/{couple['id']}/log"))
    expect("checkin.reported" in log, "the log has the check-in")
    expect(NOTE not in log, "the log shows no note")
    check_in(couple)
    held(f"the feed has {feed(couple)} events")
    report_date(couple)


def join() -> dict[str, Any]:
    """Join the couple; by its idempotency key it is the same one every time."""
    couple: dict[str, Any] = call("POST", "/v1/couples", COUPLE, key="deploy-check")
    held(f"the couple is there: {couple['id']}")
    return couple


def check_in(couple: dict[str, Any]) -> None:
    """One partner tells how the day was."""
    said = {"partner": "sam", "mood": 3, "connection": 2, "talk": "surface", "note": NOTE}
    answer = call("POST", f"/v1/couples/{couple['id']}/check-ins", said)
    held(f"a check-in is taken: {answer['id']}")


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
    """One request, made again while the broker is away; what the gateway refuses ends the check."""
    data = None if body is None else json.dumps(body).encode()
    made = urllib.request.Request(  # noqa: S310 - the address is this file's own
        GATEWAY + path, data, {"Content-Type": "application/json", **(headers or {})}, method=method
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with HTTP.open(made, timeout=PATIENCE_SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < deadline:
                time.sleep(float(error.headers["Retry-After"]))
                continue
            failed(
                f"{method} {path.partition('/feeds/')[0]}: {error.code} {error.read().decode(errors='replace')[:500]}"
            )


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
