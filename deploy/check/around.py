"""What deploy/check.sh asks of what stands around the services, with nothing but the standard library.

``watched`` asks Prometheus and ``shown`` Grafana what they see; ``proxied`` goes through the proxy. Each prints one
line per thing that holds, and ends with exit code 1 at the first that does not.
"""

# ruff: noqa: INP001 - a script, not a package

import http.client
import json
import socket
import ssl
import sys
import time
import urllib.parse
from typing import Any

from client import HTTP, PATIENCE_SECONDS, expect, failed, held

PROMETHEUS = "http://prometheus:9090"
GRAFANA = "http://grafana:3000"
SERVICES = {"intake", "cadence", "invites", "nudges", "calendars", "gateway"}
SCRAPED_WITHIN = 90


def main(step: str) -> None:
    """Run one step."""
    {"watched": watched, "shown": shown, "proxied": proxied}[step]()


def watched() -> None:
    """Every service is scraped, and the alerts are loaded."""
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


def shown() -> None:
    """The dashboard is there."""
    deadline = time.monotonic() + SCRAPED_WITHIN
    while (title := dashboard()) is None:
        if time.monotonic() > deadline:
            failed("Grafana has no dashboard")
        time.sleep(2)
    held(f"Grafana has the dashboard {title}")


def proxied() -> None:
    """The proxy speaks TLS for its domain, and finds a gateway every time."""
    trusting = ssl.create_default_context()
    # It has made its certificate by itself.
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (status := through_proxy(trusting)) != http.client.OK:
        if time.monotonic() > deadline:
            failed(f"the proxy answers {status}")
        time.sleep(0.5)
    expect(
        {through_proxy(trusting) for _ in range(20)} == {http.client.OK}, "the proxy answers over TLS, 20 times of 20"
    )


def through_proxy(trusting: ssl.SSLContext) -> int | None:
    """The status of one request; None where there is no answer."""
    proxy = http.client.HTTPSConnection("localhost", timeout=PATIENCE_SECONDS)
    try:
        plain = socket.create_connection(("proxy", 443), PATIENCE_SECONDS)
        proxy.sock = trusting.wrap_socket(plain, server_hostname="localhost")
        proxy.request("GET", "/readyz")
        return proxy.getresponse().status
    except OSError:
        return None
    finally:
        proxy.close()


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


if __name__ == "__main__":
    main(sys.argv[1])
