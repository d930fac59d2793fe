"""Which networks this machine, or container, is attached to, as the Linux kernel's routing table has it."""

import sys
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

_TABLE = Path("/proc/net/route")
_NONE = "00000000"


def attached_networks(table: str | None = None) -> tuple[IPv4Network, ...]:
    """The IPv4 networks that are reached without a gateway, loopback's not among them. Raises OSError elsewhere."""
    lines = (_TABLE.read_text(encoding="ascii") if table is None else table).splitlines()[1:]
    routes = [line.split() for line in lines]
    return tuple(_network(route[1], route[7]) for route in routes if route[2] == _NONE and route[7] != _NONE)


def _network(address: str, mask: str) -> IPv4Network:
    return IPv4Network((_address(address), str(_address(mask))))


def _address(word: str) -> IPv4Address:
    # The kernel prints the four bytes as one number of this machine's.
    return IPv4Address(int(word, 16).to_bytes(4, sys.byteorder))
