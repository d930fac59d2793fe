"""The demo couple of ``up --demo`` and ``demo``: joined over the real API, nudged over real webhooks.

Every start reports something that brings a nudge at once: the first that the couple joined, later ones that a fun date
has just been held, which opens the next cycle. Nothing about the couple is special but its settings: no quiet hours,
no budget, and proposals as soon as a cycle begins.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from threedates.cli.context import out
from threedates.cli.home import Home
from threedates.cli.webhook import Listener, Received, show_delivery
from threedates.core.signing import format_secret
from threedates.edge.clock import system_clock
from threedates.edge.errors import EdgeError
from threedates.schemas.base import rfc3339

_EAGER = {"lead": "P8D"}
COUPLE: dict[str, Any] = {
    "external_id": "demo",
    "tz": "Europe/Berlin",
    "partners": [{"name": "sam", "quiet": None}, {"name": "alex", "tz": "Europe/Lisbon", "quiet": None}],
    "cadence": {"fun": _EAGER, "business": _EAGER, "emotional": _EAGER},
    "budget": {"per_week": None, "min_gap": "PT0S"},
}
COUPLE_FILE = "demo_couple"
FUN_HOURS = timedelta(hours=3)


class DemoError(EdgeError):
    """The demo could not be set up; the message is the gateway's, ``status`` its answer's where there was one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(f"the demo could not be set up: {message}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Place:
    """Where the listener listens; ``url`` is where webhooks reach it, None where that is the same."""

    host: str = "127.0.0.1"
    port: int = 0
    url: str | None = None


@asynccontextmanager
async def running(
    home: Home,
    base_url: str,
    api_key: str,
    on_couple: Callable[[dict[str, str]], None] = lambda _: None,
    place: Place = Place(),
) -> AsyncIterator[None]:
    """Listen, make sure the demo couple and its endpoint are there, bring a nudge; yields while it all runs.

    ``on_couple`` is told where the couple is before any nudge is shown. Raises DemoError where the gateway refuses.
    """
    text, is_new = home.secret("demo_webhook")
    secret = format_secret(text.encode()[:32])
    curtain = Curtain()
    listener = Listener(place.host, place.port, secret, curtain.on_delivery)
    await listener.start()
    try:
        headers = {"Authorization": f"Bearer {api_key}"}
        url = f"{(place.url or listener.url).rstrip('/')}/demo"
        async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=15, trust_env=False) as client:
            await _endpoint(client, url, secret)
            couple = await _couple(client, home)
            on_couple(couple)
            _show(couple, url)
            curtain.rise()
            if not is_new:
                await _date_held(client, couple["couple_id"], system_clock())
        yield
    finally:
        await listener.stop()


class Curtain:
    """Keeps what arrives before the couple was shown: the first nudge is often quicker than the answer to joining."""

    def __init__(self) -> None:
        self._waiting: list[Received] | None = []

    def on_delivery(self, received: Received) -> None:
        """Show a delivery, now or when the curtain rises."""
        if self._waiting is None:
            show_delivery(received)
        else:
            self._waiting.append(received)

    def rise(self) -> None:
        """Show what has waited, and from now on all at once."""
        waiting, self._waiting = self._waiting or [], None
        for received in waiting:
            show_delivery(received)


async def _endpoint(client: httpx.AsyncClient, url: str, secret: str) -> None:
    """The listener as an endpoint for all couples of the key; its port is another at every start."""
    for endpoint in (await _call(client, "GET", "/v1/endpoints"))["items"]:
        if str(endpoint["url"]).endswith("/demo"):
            await _call(client, "PATCH", f"/v1/endpoints/{endpoint['id']}", {"url": url})
            return
    await _call(client, "POST", "/v1/endpoints", {"url": url, "secret": secret})


async def _couple(client: httpx.AsyncClient, home: Home) -> dict[str, str]:
    """The demo couple, the same at every start; a new one where the last has left."""
    name, _ = home.secret(COUPLE_FILE)
    try:
        body = await _call(client, "POST", "/v1/couples", COUPLE, {"Idempotency-Key": name})
    except DemoError as error:
        if error.status != httpx.codes.CONFLICT:
            raise
        (home.path / COUPLE_FILE).unlink()
        return await _couple(client, home)
    return {"couple_id": body["id"], "feed_url": body["feed_url"], "page_url": body["partners"][0]["page_url"]}


async def _date_held(client: httpx.AsyncClient, couple_id: str, now: datetime) -> None:
    """A fun date has just been held: the one that was agreed on where there is one, else one nobody had planned."""
    out.print("sam reports that a fun date has just been held; the next one is proposed:", style="dim")
    status = await _call(client, "GET", f"/v1/couples/{couple_id}/status")
    agreed = status["kinds"]["fun"]["date"]
    if agreed is not None and agreed["status"] == "scheduled":
        await _call(client, "POST", f"/v1/couples/{couple_id}/dates/{agreed['uid']}/held", {"by": "sam"})
        return
    body = {
        "id": f"demo-{secrets.token_hex(6)}",
        "by": "sam",
        "kind": "fun",
        "start": rfc3339(now - FUN_HOURS),
        "end": rfc3339(now),
        "status": "held",
    }
    await _call(client, "POST", f"/v1/couples/{couple_id}/dates", body)


async def _call(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    try:
        answer = await client.request(method, path, json=body, headers=headers)
    except httpx.HTTPError as error:
        raise DemoError(f"the gateway does not answer: {error!r}") from error
    if answer.is_error:
        raise DemoError(f"{answer.status_code} {answer.text[:300]}", answer.status_code)
    return answer.json()


def _show(couple: dict[str, str], url: str) -> None:
    lines = [
        f"couple    {couple['couple_id']}",
        f"feed      {couple['feed_url']}",
        f"page      {couple['page_url']}",
        f"nudges    arrive below, signed, at {url}",
    ]
    out.rule("demo couple: sam and alex", align="left")
    for line in lines:
        out.print(line, highlight=False, soft_wrap=True)
    out.print("Ctrl-C stops it; starting it again keeps everything.")
