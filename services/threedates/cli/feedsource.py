"""Where ``feed lint`` takes a feed from: a file, standard input, or an address, each within a bound.

An address is the operator's own choice, so it is fetched wherever it leads; each step is told on standard error.
"""

import asyncio
import sys
from pathlib import Path

import httpx

from threedates.cli.context import err, fail
from threedates.core.calendar.contentlines import Finding
from threedates.edge.calendar_client import https
from threedates.edge.logs import redact

MAX_BYTES = 5 * 1024 * 1024
TIMEOUT_SECONDS = 30.0
MAX_REDIRECTS = 5
_CALENDAR_TYPE = "text/calendar"


async def read_source(source: str) -> tuple[bytes, list[Finding]]:
    """A feed's bytes, and what is wrong with how it is served. Ends the command where it cannot be had."""
    url = _address(source)
    if url is not None:
        return await _fetched(url)
    try:
        data = _read(source)
    except OSError as error:
        raise fail(f"{source} cannot be read: {error.strerror}", 2) from None
    _check_size(len(data))
    return data, []


def _address(source: str) -> str | None:
    """The address to fetch, None where the source is a file. ``webcal:`` is how calendar programs spell https."""
    url = https(source)
    return url if url.lower().startswith(("http://", "https://")) else None


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(source).open("rb") as file:
        return file.read(MAX_BYTES + 1)


async def _fetched(url: str) -> tuple[bytes, list[Finding]]:
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS), httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            event_hooks={"request": [_tell]},
        ) as client, client.stream("GET", url) as answer:  # fmt: skip
            if answer.status_code != httpx.codes.OK:
                raise fail(f"the address answers {answer.status_code} {answer.reason_phrase}", 2)
            data = bytearray()
            async for piece in answer.aiter_bytes():
                data += piece
                _check_size(len(data))
            return bytes(data), _served(answer.headers.get("content-type", ""))
    except TimeoutError:
        raise fail(f"the feed was not there within {TIMEOUT_SECONDS:.0f} seconds", 2) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise fail(f"the address cannot be fetched: {str(error) or type(error).__name__}", 2) from None


async def _tell(request: httpx.Request) -> None:
    err.print(f"fetching {redact(str(request.url))}", highlight=False, markup=False, soft_wrap=True)


def _served(content_type: str) -> list[Finding]:
    media_type, _, parameters = content_type.lower().partition(";")
    if media_type.strip() != _CALENDAR_TYPE:
        text = (
            f"it is served as {media_type.strip()[:60] or 'nothing in particular'}; some clients want {_CALENDAR_TYPE}"
        )
        return [Finding(0, "content_type", "warning", text)]
    if "charset" in parameters and "utf-8" not in parameters:
        return [Finding(0, "content_type", "warning", "it is served in another charset than UTF-8")]
    return []


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise fail(f"it is larger than {MAX_BYTES // 1024**2} MiB; calendar programs give up long before", 2)
