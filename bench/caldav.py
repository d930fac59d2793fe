"""Other servers of calendars beside the gateway: Radicale and Xandikos from PyPI, holding the very same events.

They are installed into an environment of their own, ``.venv-caldav``, which is kept for the next run. Where that
cannot be done, they are left out, and the table says so.
"""

import asyncio
import base64
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from icalendar import Calendar

from bench.installation import free_port
from bench.processes import PROJECT, Child, spawn
from bench.report import console
from bench.waiting import until

REQUIREMENTS = ("radicale>=3.9,<4", "xandikos>=0.4.10,<0.5")
VENV = PROJECT / ".venv-caldav"
INSTALL_SECONDS = 240
START_SECONDS = 30
_MKCALENDAR = (
    '<?xml version="1.0"?><create xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
    "<resourcetype><collection/><C:calendar/></resourcetype></prop></set></create>"
)
_USER = {"Authorization": f"Basic {base64.b64encode(b'user:x').decode()}"}


@dataclass(slots=True)
class Server:
    """A server of one calendar at a path, in a process of its own; ``headers`` make it answer with the whole of it.

    ``etag`` is empty where it has no 304 for what it serves.
    """

    name: str
    port: int
    path: str
    headers: dict[str, str]
    child: Child
    etag: str = field(default="")


@asynccontextmanager
async def rivals(data: Path, feed: bytes) -> AsyncIterator[list[Server]]:
    """Both servers with a feed's events, none where they cannot be installed; ended when this is left."""
    if not await asyncio.to_thread(_is_installed):
        yield []
        return
    found = [_radicale(data), _xandikos(data)]
    try:
        for rival in found:
            await _fill(rival, _events(feed))
        yield found
    finally:
        for rival in found:
            rival.child.end()


def _is_installed() -> bool:
    """Whether they are there by now, installed if need be."""
    if (VENV / "bin" / "xandikos").exists() and (VENV / "bin" / "radicale").exists():
        return True
    try:
        _call([sys.executable, "-m", "venv", "--clear", str(VENV)])
        _call([str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", *REQUIREMENTS])
    except (OSError, subprocess.SubprocessError) as error:
        console.print(f"Radicale and Xandikos are left out: they could not be installed ({type(error).__name__})")
        return False
    return True


def _call(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS, cwd=PROJECT)


def _radicale(data: Path) -> Server:
    port = free_port()
    arguments = ["-m", "radicale", "--hosts", f"127.0.0.1:{port}", "--auth-type", "none", "--logging-level", "warning",
                 "--server-max-connections", "64", "--storage-filesystem-folder", str(data / "radicale")]  # fmt: skip
    return Server("radicale", port, "/user/dates/", dict(_USER), _spawn("radicale", arguments, data))


def _xandikos(data: Path) -> Server:
    port = free_port()
    kept = ["--directory", str(data / "xandikos"), "--state-dir", str(data / "state"), "--autocreate"]
    listening = ["--no-detect-systemd", "--listen-address", "127.0.0.1", "--port", str(port)]
    arguments = ["-m", "xandikos", "serve", *kept, *listening]
    accept = {"Accept": "text/calendar"}
    return Server("xandikos", port, "/user/calendars/dates/", accept, _spawn("xandikos", arguments, data))


def _spawn(name: str, arguments: list[str], data: Path) -> Child:
    return spawn(name, arguments, {}, data / f"{name}.log", python=str(VENV / "bin" / "python"))


def _events(feed: bytes) -> list[bytes]:
    """Each event of a feed as a calendar of its own, with the feed's time zones."""
    whole = Calendar.from_ical(feed)
    zones = [part for part in whole.subcomponents if part.name == "VTIMEZONE"]
    made = []
    for event in whole.walk("VEVENT"):
        one = Calendar()
        one.add("version", "2.0")
        one.add("prodid", "-//threedates//bench//EN")
        for part in (*zones, event):
            one.add_component(part)
        made.append(one.to_ical())
    return made


async def _fill(rival: Server, events: list[bytes]) -> None:
    """Put the events into a calendar there, and find out whether it knows 304. Raises RuntimeError and HTTP errors."""
    base_url = f"http://127.0.0.1:{rival.port}"
    async with httpx.AsyncClient(base_url=base_url, headers=rival.headers, trust_env=False, timeout=30) as http:

        async def answers() -> bool:
            try:
                await http.get("/")
            except httpx.TransportError:
                return False
            return True

        if not await until(answers, START_SECONDS):
            raise RuntimeError(f"{rival.name} does not answer")
        (await http.request("MKCOL", rival.path, content=_MKCALENDAR)).raise_for_status()
        for n, event in enumerate(events):
            kind = {"Content-Type": "text/calendar; charset=utf-8"}
            (await http.put(f"{rival.path}{n}.ics", content=event, headers=kind)).raise_for_status()
        whole = (await http.get(rival.path)).raise_for_status()
        if whole.content.count(b"BEGIN:VEVENT") != len(events):
            raise RuntimeError(f"{rival.name} serves {whole.content.count(b'BEGIN:VEVENT')} of {len(events)} events")
        etag = whole.headers.get("etag", "")
        again = await http.get(rival.path, headers={"If-None-Match": etag})
        rival.etag = etag if again.status_code == 304 else ""
