"""A webhook receiver for development: checks signatures, hands each delivery on, answers with statuses of choice.

In: POSTs at any path. Out: one :class:`Received` per POST, to the callback given. It listens where it is told, on this
machine by default, and believes nothing: a delivery that does not verify is handed on as such and answered with 401. To
CloudEvents' handshake it agrees.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

from threedates.core.signing import BadSignatureError, verify
from threedates.edge.clock import Clock, system_clock

MAX_BODY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery: header names in lower case, the exact bytes. ``problem`` says why it did not verify."""

    headers: dict[str, str]
    body: bytes
    is_checked: bool = False
    problem: str | None = None


OnDelivery = Callable[[Received], None]
T = TypeVar("T")


class Listener:
    """The receiver. Port 0 takes a free one; without a secret nothing is checked.

    What verifies is answered with the statuses in turn, the last one for ever, each after so many seconds, in turn as
    well; ``retry_after`` goes with whatever is no 2xx.
    """

    def __init__(
        self,
        host: str,
        port: int,
        secret: str | None,
        on_delivery: OnDelivery,
        *,
        statuses: Sequence[int] = (200,),
        delays: Sequence[float] = (0.0,),
        retry_after: str | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._host = host
        self._port = port
        self._secret = secret
        self._on_delivery = on_delivery
        self._statuses = list(statuses)
        self._delays = list(delays)
        self._retry_after = retry_after
        self._clock = clock
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens, with a trailing slash; any path under it will do."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    async def start(self) -> None:
        """Begin to listen. Raises OSError where the port is taken."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post("/{path:.*}", self._receive)
        app.router.add_options("/{path:.*}", _agree)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(headers, body, self._secret is not None, self._problem(headers, body))
        self._on_delivery(received)
        if received.problem is not None:
            return web.Response(status=401)
        status, delay = _next(self._statuses), _next(self._delays)
        await asyncio.sleep(delay)
        asks = self._retry_after is not None and not 200 <= status < 300
        return web.Response(status=status, headers={"Retry-After": self._retry_after or ""} if asks else None)

    def _problem(self, headers: dict[str, str], body: bytes) -> str | None:
        if self._secret is None:
            return None
        try:
            verify(self._secret, headers, body, self._clock())
        except BadSignatureError as error:
            return str(error)
        return None


async def _agree(request: web.Request) -> web.Response:
    """CloudEvents' handshake (HTTP webhooks 1.0.2 §4.2): whoever asks may send."""
    return web.Response(headers={"WebHook-Allowed-Origin": request.headers.get("WebHook-Request-Origin", "*")})


def _next(of: list[T]) -> T:
    """The next in turn; the last one for ever."""
    return of.pop(0) if len(of) > 1 else of[0]
