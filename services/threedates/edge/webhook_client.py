"""The client that delivers webhooks: aiohttp, through the guard.

In: a URL, headers and the exact bytes. Out: a :class:`Result`; trouble on the network never raises. Redirects are not
followed, no more than 64 KB of an answer are read and none of it is kept, and no URL appears in an error.
"""

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache, partial

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from threedates.core.addresses import Rules, url_refusal
from threedates.core.retry import Result
from threedates.edge.guard import AddressRefusedError, guarded_session

MAX_ANSWER_BYTES = 64 * 1024
USER_AGENT = "threedates"
# What is said of every request; answers are not decoded, so none is asked for in another form.
_HEADERS = {"user-agent": USER_AGENT, "accept": "*/*", "accept-encoding": "identity"}
# The time of an attempt is kept by the attempt, from the name's lookup to the answer's end.
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)
NETWORK_TROUBLE = (aiohttp.ClientError, OSError, ValueError)
"""What a request to a stranger's address may end in, beside an answer."""
# Which word names an error, by the first of these found among its causes; the most telling come first.
_CLASSES: tuple[tuple[type[BaseException], str], ...] = (
    (AddressRefusedError, "address refused"),
    (socket.gaierror, "name not found"),
    (aiohttp.ClientConnectorDNSError, "name not found"),
    (ssl.SSLError, "TLS failed"),
    (ssl.CertificateError, "TLS failed"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "connection refused"),
    (aiohttp.ServerDisconnectedError, "connection lost"),
    (ConnectionError, "connection lost"),
    (aiohttp.ClientConnectorError, "not reachable"),
    (aiohttp.ClientPayloadError, "answer broken off"),
    (aiohttp.ClientResponseError, "not an HTTP answer"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What counts of a response's headers; empty where they are missing. Nothing else of it is kept."""

    retry_after: str | None = None
    allowed_origin: str = ""
    allowed_rate: str = ""


class WebhookClient:
    """Posts to endpoints. One per process; close it with :meth:`aclose`."""

    def __init__(self, rules: Rules, resolver: AbstractResolver | None = None) -> None:
        self._rules = rules
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None
        # Endpoints are few and their deliveries many.
        self._refusal = lru_cache(maxsize=4096)(partial(url_refusal, rules=rules))

    async def post(self, url: str, headers: dict[str, str], body: bytes, timeout: float) -> Result:  # noqa: ASYNC109
        """One attempt, over in at most ``timeout`` seconds, name lookup and answer included. Never raises for trouble.

        The result's ``error`` is a class such as ``timeout`` or ``address refused``, with the reason but no URL.
        """
        sent = {"content-type": "application/json", **headers}
        return (await self._within(timeout, "POST", url, sent, body))[0]

    async def options(self, url: str, headers: dict[str, str], timeout: float) -> tuple[Result, Answer]:  # noqa: ASYNC109
        """An OPTIONS request, for CloudEvents' handshake; otherwise as :meth:`post`."""
        return await self._within(timeout, "OPTIONS", url, headers, b"")

    async def _within(
        self, seconds: float, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[Result, Answer]:
        if (refusal := self._refusal(url)) is not None:
            return Result(error=f"address refused: {refusal}"), Answer()
        started = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                status, answer = await self._exchange(method, url, headers, body)
        except NETWORK_TROUBLE as error:
            return Result(error=describe(error), latency_ms=_since(started)), Answer()
        return Result(status=status, retry_after=answer.retry_after, latency_ms=_since(started)), answer

    async def _exchange(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, Answer]:
        async with self._session.request(
            method,
            # As it was given: another spelling may be another address to whoever checks a signature in it.
            URL(url, encoded=True),
            data=body or None,
            headers={**_HEADERS, **headers},
            allow_redirects=False,
            auto_decompress=False,
            timeout=_NO_TIMEOUT,
        ) as response:
            await _drain(response)
        came = response.headers
        answer = Answer(
            came.get("retry-after"), came.get("webhook-allowed-origin", ""), came.get("webhook-allowed-rate", "")
        )
        return response.status, answer

    @property
    def _session(self) -> aiohttp.ClientSession:
        # It belongs to the event loop that it is made in.
        if self._opened is None:
            self._opened = guarded_session(self._rules, self._resolver)
        return self._opened

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read an answer so that its connection can serve again; one that is too long costs its connection."""
    read = 0
    try:
        async for chunk in response.content.iter_any():
            read += len(chunk)
            if read > MAX_ANSWER_BYTES:
                return
    except aiohttp.ClientError:
        # The status has come and it decides; what the body would have said is of no interest.
        return


def describe(error: BaseException) -> str:
    """An error's class in words, with the reason of a refusal; never a URL, a host or an address of ours."""
    causes = list(_chain(error))
    for wanted, words in _CLASSES:
        for cause in causes:
            if isinstance(cause, wanted):
                return f"{words}: {cause}" if isinstance(cause, AddressRefusedError) else words
    return type(error).__name__


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        # aiohttp keeps the reason of a failed connect beside the cause.
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BaseException) and inner not in found:
            found.append(inner)
        error = error.__cause__ or error.__context__
    return found


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
