"""Does the guard judge the very address that is about to be dialled?"""

import socket
from ipaddress import ip_network

import pytest

from threedates.core.addresses import Rules
from threedates.edge.guard import AddressRefusedError, AddrInfo, Guard

GUARD = Guard(Rules(networks=(ip_network("127.0.0.0/8"),)))


def v4(address: str, port: int = 443) -> AddrInfo:
    return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))


def v6(address: str, scope: int = 0) -> AddrInfo:
    return (socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 443, 0, scope))


@pytest.mark.parametrize("info", [v4("8.8.8.8"), v4("127.0.0.1", 5), v6("2606:4700::1111")])
def test_an_allowed_address_gets_a_socket(info: AddrInfo) -> None:
    with GUARD(info) as made:
        assert made.family == info[0]


@pytest.mark.parametrize(
    "info",
    [
        v4("10.0.0.1"),
        v4("8.8.8.8", 22),
        v6("::1"),
        v6("::ffff:127.0.0.1"),
        v6("fe80::1", 2),
        v6("2606:4700::1111", 2),
        (socket.AF_UNIX, socket.SOCK_STREAM, 0, "", ("/run/docker.sock", 0)),
    ],
)
def test_anything_else_gets_none(info: AddrInfo) -> None:
    """No socket, no connect."""
    with pytest.raises(AddressRefusedError):
        GUARD(info)
