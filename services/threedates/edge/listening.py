"""Sockets that are listened on: HOST:PORT read, and bound with a sentence for the person who set it."""

import socket

from threedates.edge.errors import Misconfigured

BACKLOG = 2048


def host_and_port(setting: str, value: str) -> tuple[str, int]:
    """The two parts, an IPv6 address without its brackets. Raises Misconfigured, which names the setting."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise Misconfigured(f"{setting} is {value!r}; it must be HOST:PORT, such as 127.0.0.1:8080 or [::]:8080")
    return host.removeprefix("[").removesuffix("]"), int(port)


def listen(setting: str, who: str, host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Misconfigured, which says who cannot and which setting to change."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named as TCP, because asyncio turns Nagle's delay off only where a socket says that it is.
        listener = socket.socket(family, kind, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        raise Misconfigured(
            f"{who} cannot listen on {host}:{port}: {error.strerror or error}; set {setting} to another"
        ) from error
    return listener
