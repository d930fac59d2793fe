"""The connector for requests to addresses strangers chose: every address is judged at the moment it is dialled.

aiohttp hands each resolved address to ``socket_factory`` before connecting, and connects that very address; a name that
resolves differently a second later gains nothing. Literal hosts go the same way.
"""

import socket

import aiohttp
from aiohttp import DummyCookieJar

from threedates.core.addresses import Rules, address_refusal

# Below the keep-alive of common servers (uvicorn and Node close at 5 s), so that a POST rarely meets a closing socket.
KEEP_ALIVE_SECONDS = 4.0
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


def guarded_session(rules: Rules) -> aiohttp.ClientSession:
    """A session through the guard: no proxies of the environment, no cookies, no limit on connections of its own."""
    connector = aiohttp.TCPConnector(socket_factory=Guard(rules), limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS)
    return aiohttp.ClientSession(connector=connector, trust_env=False, cookie_jar=DummyCookieJar())
