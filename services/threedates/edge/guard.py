"""The connector for requests to addresses strangers chose: every address is judged at the moment it is dialled.

aiohttp hands each resolved address to ``socket_factory`` before connecting, and connects that very address; a name that
resolves differently a second later gains nothing. Literal hosts go the same way.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from aiohttp import DummyCookieJar
from aiohttp.abc import AbstractResolver, ResolveResult

from threedates.core.addresses import Rules, address_refusal

# Below the keep-alive of common servers (uvicorn and Node close at 5 s), so that a POST rarely meets a closing socket.
KEEP_ALIVE_SECONDS = 4.0
# Lookups that hang must not hold up those that don't; the loop's own pool has only a handful of threads.
LOOKUPS_AT_ONCE = 32
AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]


class AddressRefusedError(OSError):
    """The address may not be dialled; the message says why and holds no URL."""


class Guard:
    """Makes sockets only for addresses the rules allow."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def __call__(self, info: AddrInfo) -> socket.socket:
        """A socket for that address. Raises AddressRefusedError."""
        family, kind, protocol, _, address = info
        if family not in (socket.AF_INET, socket.AF_INET6):
            raise AddressRefusedError("only IPv4 and IPv6 are dialled")
        refusal = address_refusal(str(address[0]), int(str(address[1])), self._rules)
        # An IPv6 address carries its zone apart from its text.
        if refusal is None and len(address) > 3 and address[3]:
            refusal = "an address with a zone is local to this machine"
        if refusal is not None:
            raise AddressRefusedError(refusal)
        return socket.socket(family, kind, protocol)


class Lookups(AbstractResolver):
    """Looks names up by the system's resolver, on threads of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(LOOKUPS_AT_ONCE, "lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises OSError."""
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(self._pool, _getaddrinfo, host, port, family)
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=address, port=port, family=found, proto=protocol, flags=flags)
            for found, protocol, address in infos
        ]

    async def close(self) -> None:
        """Let go of the threads; lookups under way are not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str, port: int, family: int) -> list[tuple[int, int, str]]:
    found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    # A zone is kept in the text, where the guard sees and refuses it.
    return [
        (family, proto, f"{address[0]}%{address[3]}" if len(address) > 3 and address[3] else str(address[0]))
        for family, _, proto, _, address in found
    ]


def guarded_session(rules: Rules, resolver: AbstractResolver | None = None) -> aiohttp.ClientSession:
    """A session through the guard: no proxies of the environment, no cookies, no limit on connections of its own.

    Whatever a resolver says, the system's by default, only what the guard lets pass is dialled.
    """
    connector = aiohttp.TCPConnector(
        socket_factory=Guard(rules), resolver=resolver or Lookups(), limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS
    )
    return aiohttp.ClientSession(connector=connector, trust_env=False, cookie_jar=DummyCookieJar())
