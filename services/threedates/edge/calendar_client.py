"""The client that fetches calendars: aiohttp itself, through the guard, as webhooks go out.

In: a URL and what was learnt of it before. Out: the bytes, that nothing has changed, or a :class:`Trouble`; the network
raises nothing. A few redirects are followed, as calendars' hosts need them, each judged as the first address was and
none of them from https to http. Sizes are bounded before and after decompression, and so is the time, all in all.
"""

import asyncio
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from threedates.core.addresses import Rules, url_refusal
from threedates.core.poll_plan import Trouble, max_age
from threedates.edge.guard import guarded_session
from threedates.edge.webhook_client import NETWORK_TROUBLE, USER_AGENT, describe
from threedates.schemas.webhook import PollError

MAX_REDIRECTS = 5
MAX_HEADER = 1_024
_REFUSED = "address refused"
_STATUSES: dict[int, PollError] = {401: "forbidden", 403: "forbidden", 404: "not_found", 410: "gone"}
_REDIRECTS = (301, 302, 303, 307, 308)
_WEBCAL = ("webcal://", "webcals://")
# A fetch has its time all in all, redirects included.
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a calendar may take: bytes, as they are sent and unpacked, and seconds from the first to the last."""

    size: int = 5 * 1024 * 1024
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A calendar's bytes, and what its server says of them; ``max_age`` in seconds."""

    data: bytes
    etag: str | None
    last_modified: str | None
    max_age: int | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A 304: nothing has changed."""

    max_age: int | None


class _Refused(Exception):
    """Carries a trouble that was found on the way."""

    def __init__(self, error: PollError, detail: str) -> None:
        super().__init__(detail)
        self.trouble = Trouble(error, detail)


def https(url: str) -> str:
    """The address as it is fetched: ``webcal:`` is how calendar programs spell https."""
    found = next((scheme for scheme in _WEBCAL if url.lower().startswith(scheme)), None)
    return f"https://{url[len(found) :]}" if found is not None else url


class CalendarClient:
    """Fetches calendars. One per process; close it with :meth:`aclose`."""

    def __init__(self, rules: Rules, limits: Limits | None = None, resolver: AbstractResolver | None = None) -> None:
        self._rules = rules
        self._limits = limits or Limits()
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None

    async def get(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | Unchanged | Trouble:
        """One fetch. With ``etag`` or ``last_modified`` a conditional one (RFC 9110 §13)."""
        headers = {"user-agent": USER_AGENT, "accept": "text/calendar, */*;q=0.5", "accept-encoding": "gzip"}
        if etag is not None:
            headers["if-none-match"] = etag
        if last_modified is not None:
            headers["if-modified-since"] = last_modified
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(url, headers)
        except _Refused as refused:
            return refused.trouble
        except zlib.error:
            return Trouble("not_a_calendar", "its compressed answer is damaged")
        except NETWORK_TROUBLE as error:
            return _trouble(error)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        # It belongs to the event loop that it is made in.
        if self._opened is None:
            self._opened = guarded_session(self._rules, self._resolver)
        return self._opened

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched | Unchanged | Trouble:
        for _ in range(MAX_REDIRECTS + 1):
            if (refusal := url_refusal(url, self._rules)) is not None:
                raise _Refused("address_refused", refusal)
            async with self._session.get(
                # As it is: written anew, a secret in it might not be the same to its server.
                URL(url, encoded=True),
                headers=headers,
                allow_redirects=False,
                auto_decompress=False,
                timeout=_NO_TIMEOUT,
            ) as response:
                location = response.headers.get("location")
                if response.status not in _REDIRECTS or location is None:
                    return await self._answer(response)
            url = _next(url, location)
        raise _Refused("http_error", f"it redirects more than {MAX_REDIRECTS} times")

    async def _answer(self, response: aiohttp.ClientResponse) -> Fetched | Unchanged | Trouble:
        came, status = response.headers, response.status
        fresh_for = max_age(came.get("cache-control"))
        if status == HTTPStatus.NOT_MODIFIED:
            return Unchanged(fresh_for)
        if status != HTTPStatus.OK:
            error = _STATUSES.get(status, "http_error")
            return Trouble(error, f"its server answers {status}", came.get("retry-after"))
        data = await self._read(response)
        return Fetched(data, _short(came.get("etag")), _short(came.get("last-modified")), fresh_for)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        """The body, unpacked no further than it may become. Raises _Refused."""
        most = self._limits.size
        unpack = _unpacker(response.headers.get("content-encoding", ""))
        sent, data = 0, bytearray()
        async for chunk in response.content.iter_any():
            sent += len(chunk)
            data += unpack.decompress(chunk, most + 1 - len(data)) if unpack is not None else chunk
            if sent > most or len(data) > most:
                raise _Refused("too_large", f"it has more than {most // 1024} KiB")
        if unpack is not None and not unpack.eof:
            raise _Refused("not_a_calendar", "its compressed answer is cut off")
        return bytes(data)


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        case _:
            raise _Refused("http_error", "its server compresses answers in a way that it was not asked for")


def _next(url: str, location: str) -> str:
    """Where a redirect leads. Raises _Refused."""
    target = urldefrag(https(urljoin(url, location)))[0]
    if url.startswith("https://") and not target.startswith("https://"):
        raise _Refused("address_refused", "it redirects from https to http")
    return target


def _trouble(error: BaseException) -> Trouble:
    words = describe(error)
    if words.startswith(_REFUSED):
        return Trouble("address_refused", words)
    return Trouble("too_slow" if words == "timeout" else "not_reachable", words)


def _short(value: str | None) -> str | None:
    """A header to send back; one of a length that nobody needs is not kept."""
    return value if value is not None and len(value) <= MAX_HEADER else None
