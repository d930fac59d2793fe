"""A mail as a gateway posts it (RFC 5322, MIME) in; the one iCalendar object it carries, and whom it is from, out.

Nothing else of a mail is read. Whether the sender is who it says is for the gateway to judge, by SPF, DKIM and DMARC;
whether the answer is the sender's own is judged by :mod:`core.ics_reply`. What could make the parser work for long is
refused before it is parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from threedates.core.refusal import Refused

MAX_MAIL = 1024 * 1024
MAX_ICS = 256 * 1024
# Real mails stay far below these. The parser asks of every line whether it is one of the boundaries it is in, and
# looks through a Content-Type again for each of its semicolons.
_MAX_LINES = 40_000
_MAX_BOUNDARIES = 20
_MAX_HEADER = 2_000
_HEADER = re.compile(rb"^[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.MULTILINE)
_CONTENT_HEADER = re.compile(rb"(?i)^(?:content-[a-z-]+|from):")
_BOUNDARY = re.compile(rb"(?i)boundary")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_CALENDARS = ("text/calendar", "application/ics")
_ADDRESS = r"[^\s<>@,;:()\"\\\[\]]+@[^\s<>@,;:()\"\\\[\]]+"
_FROM = re.compile(rf'(?:(?:"(?:[^"\\]|\\.)*"|[^<>"@,;]*?)\s*<(?P<named>{_ADDRESS})>|(?P<bare>{_ADDRESS}))')
# Of an iCalendar object nothing is kept that another charset could change; ASCII is ASCII in nearly all of them.
_CHARSETS = re.compile(r"(?i)utf-?8|utf-?16(le|be)?|(us-)?ascii|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|gb(k|18030)")


@dataclass(frozen=True, slots=True)
class MailedAnswer:
    """What a mail carries: the address it is From, in lower case, and the text of its iCalendar object."""

    sender: str
    ics: str


def read_mail(raw: bytes) -> MailedAnswer:
    """The answer in a mail. Raises Refused: too_large, malformed, no_answer, or wrong_sender without one clear From."""
    _check_bounds(raw)
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        if "From" not in message:
            raise Refused("malformed", "the body is no mail, which has a From: send it whole, its header lines first")
        return MailedAnswer(_sender(message), _calendar(list(_parts(message))))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        # What a parser stumbles over in a mangled mail; all of it means the same here.
        raise Refused("malformed", f"the mail cannot be read: {type(error).__name__}") from error


def _check_bounds(raw: bytes) -> None:
    if len(raw) > MAX_MAIL:
        raise Refused("too_large", f"a mail may have {MAX_MAIL // 1024} KiB")
    if raw.count(b"\n") + raw.count(b"\r") > 2 * _MAX_LINES or len(_BOUNDARY.findall(raw)) > _MAX_BOUNDARIES:
        raise Refused("too_large", f"a mail may have {_MAX_LINES} lines and {_MAX_BOUNDARIES} boundaries")
    for found in _HEADER.finditer(raw):
        if found.end() - found.start() > _MAX_HEADER and _CONTENT_HEADER.match(found[0]):
            raise Refused("malformed", f"a Content-… or From header is longer than {_MAX_HEADER} bytes")


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of a mail, however its multiparts are nested. A mail inside the mail is somebody else's."""
    if not message.is_multipart():
        yield message
    elif message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)


def _sender(message: Message) -> str:
    """The one address of From; what leaves room for another reading names nobody (RFC 5322 §3.6.2)."""
    headers = message.get_all("From", [])
    found = _FROM.fullmatch(re.sub(r"[\r\n]+", "", str(headers[0])).strip()) if len(headers) == 1 else None
    if found is None:
        raise Refused("wrong_sender", "the mail needs one From header with one address, as in: Sam <sam@example.org>")
    return (found["named"] or found["bare"]).lower()


def _calendar(parts: list[Message]) -> str:
    """The text of the calendar part: text/calendar before application/ics, before an attachment called .ics."""
    ranked = sorted((rank, n) for n, part in enumerate(parts) if (rank := _rank(part)) is not None)
    if not ranked:
        raise Refused("no_answer", _why_not(parts))
    part = parts[ranked[0][1]]
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if len(content) > MAX_ICS:
        raise Refused("too_large", f"the calendar part may have {MAX_ICS // 1024} KiB", "ics")
    text = _decoded(content, str(part.get_content_charset() or "utf-8"))
    if not text.strip():
        raise Refused("malformed", "the calendar part is empty", "ics")
    return text


def _rank(part: Message) -> int | None:
    kind = part.get_content_type()
    if kind in _CALENDARS:
        return _CALENDARS.index(kind)
    return len(_CALENDARS) if (part.get_filename() or "").lower().endswith(".ics") else None


def _decoded(content: bytes, charset: str) -> str:
    return content.decode(charset if _CHARSETS.fullmatch(charset) else "utf-8", "replace")


def _why_not(parts: list[Message]) -> str:
    if any(part.get_content_type() in _TNEF or part.get_filename() == "winmail.dat" for part in parts):
        return "the mail carries its answer as TNEF (winmail.dat), which Outlook alone reads; turn Rich Text off there"
    return "the mail has no calendar part (text/calendar), so it answers no invite"
