"""Which addresses a webhook may reach: the rules against requests forged to reach inside (SSRF), as pure judgements.

An address is judged in the form it is dialled in, so every spelling of it has been resolved away. IPv4 must be global
unicast; IPv6 must lie in 2000::/3 outside the ranges that embed IPv4 or are not routed. ``ipaddress.is_global`` is not
enough: it passes ``::127.0.0.1``, ``64:ff9b::7f00:1``, ``2002:7f00:1::`` and more. Operators can allow networks.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
MAX_URL = 2_048
DEFAULT_PORTS = {"http": 80, "https": 443}

# IANA's special-purpose registry (RFC 6890 and later), multicast and the reserved top included.
_NOT_GLOBAL_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    )
)  # fmt: skip
_GLOBAL_V6 = IPv6Network("2000::/3")
# Protocol assignments (Teredo among them), documentation, 6to4, documentation again.
_NOT_GLOBAL_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
# A host that some resolver reads as a number: 2130706433, 0x7f.1, 127.1, 0177.0.0.1 …
_NUMERIC_HOST = re.compile(r"^(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator allows: networks reachable at any port though they are private, and ports elsewhere."""

    networks: tuple[Network, ...] = ()
    ports: tuple[int, ...] = (80, 443, 8080, 8443)


def address_refusal(text: str, port: int, rules: Rules) -> str | None:
    """Why that address must not be dialled, or None where it may. ``text`` is numeric, as a resolver returns it."""
    try:
        address = ip_address(text)
    except ValueError:
        return "not an IP address"
    # A zone picks an interface of this machine: such addresses are link-local by nature.
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return "an address with a zone is local to this machine"
    if any(address in network for network in rules.networks if network.version == address.version):
        return None
    if not is_global(address):
        # Not which: whoever chose the name would learn what it means inside.
        return "the host's address is not a public one"
    return None if port in rules.ports else f"port {port} is not among the allowed ports"


def is_global(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is global unicast, embedding no other."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_GLOBAL_V4)
    return address in _GLOBAL_V6 and not any(address in network for network in _NOT_GLOBAL_V6)


def url_refusal(url: str, rules: Rules) -> str | None:
    """Why a webhook URL cannot be taken, or None. What a name resolves to is judged when it is dialled."""
    if len(url) > MAX_URL or not url.isascii() or any(character <= " " or character == "\\" for character in url):
        return f"the URL must be at most {MAX_URL} printable ASCII characters, without blanks or backslashes"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"not a URL: {error}"
    if parts.scheme not in DEFAULT_PORTS or not host:
        return "the URL must begin with https:// or http:// and name a host"
    if "@" in parts.netloc:
        return "the URL must not carry a user name or password"
    if parts.fragment:
        return "the URL must not carry a fragment"
    return _host_refusal(host, DEFAULT_PORTS[parts.scheme] if port is None else port, rules)


def _host_refusal(host: str, port: int, rules: Rules) -> str | None:
    try:
        ip_address(host)
    except ValueError:
        if _NUMERIC_HOST.match(host):
            return "the host looks like a number; write a name, or the address in its usual form"
        # Under a name an allowed network may hide, where any port is fine: only the dial can tell.
        if port not in rules.ports and not rules.networks:
            return f"port {port} is not among the allowed ports"
        return None
    return address_refusal(host, port, rules)
