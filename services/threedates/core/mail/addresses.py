"""Addresses and texts as a mail's headers may hold them (RFC 5322 §2.2, RFC 2047).

Names are people's own: any script, emoji included. In a header they become encoded words; what could end a header's
line, or turn the direction of all that follows, is left out before.
"""

import re
import unicodedata
from email.header import Header
from email.utils import formataddr, parseaddr

# Directional embeddings, overrides and isolates: in a name they would turn what a mail program shows after it.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What may stand before the @ without quotes (RFC 5322 §3.2.3), and a host's name behind it.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
DEFAULT_NAME = "threedates"


def sender(text: str) -> tuple[str, str]:
    """The name and the address of ``Name <address>`` or a bare address. Raises ValueError, naming no address."""
    name, given = parseaddr(text)
    address = mailbox(given)
    if address is None:
        raise ValueError("it must be an address such as dates@example.org, or Name <dates@example.org>")
    return one_line(name) or DEFAULT_NAME, address


def mailbox(text: str) -> str | None:
    """An address as it is written to the mail server; a domain in any script by its ASCII form (RFC 5890).

    None where it cannot be written: what stands before the @ must be ASCII, because few servers take anything else.
    """
    local, at, domain = text.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    fits = at and len(local) <= 64 and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)
    return f"{local}@{ascii_domain}" if fits else None


def address_header(header: str, name: str, address: str) -> str:
    """A display name and an address that :func:`mailbox` gave, for From and To."""
    encoded = _encoded(header, name)
    return formataddr((one_line(name), address)) if encoded is None else f"{encoded} <{address}>"


def text_header(header: str, text: str) -> str:
    """A text for the header of that name."""
    return _encoded(header, text) or one_line(text)


def _encoded(header: str, text: str) -> str | None:
    """The text as encoded words, folded (RFC 2047 §2); None where it can stand as it is."""
    line = one_line(text)
    return None if line.isascii() and "=?" not in line else Header(line, "utf-8", header_name=header).encode()


def one_line(text: str) -> str:
    """The text without line ends, other control characters and characters that turn its direction."""
    kept = (" " if unicodedata.category(c) in _NOT_IN_A_LINE else c for c in text if c not in _TURNING)
    return " ".join("".join(kept).split())
