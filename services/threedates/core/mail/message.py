"""A letter as the exact bytes that are sent (RFC 5322), with its invite where it has one (RFC 6047).

Same letter, heads and invite, same bytes: boundaries come from the Message-ID and nothing is drawn. The invite stands
twice, byte for byte the same: as an alternative of the text, which calendar programs read, and as a file to open.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime

from threedates.core.mail.addresses import address_header, text_header
from threedates.core.mail.layout import Letter, html, plain

# The oldest of Python's policies writes the same bytes in every version, and so do the classes it goes with. It folds
# nothing here: texts are folded when they are encoded, and ids and addresses of pages are read whole by more programs.
_POLICY = compat32.clone(linesep="\r\n", max_line_length=None)
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
INVITE_FILE = "invite.ics"


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands at a mail's head. Names and addresses apart; ``message_id`` without its brackets; ``date`` aware.

    ``unsubscribe`` is where its reader can ask for less (RFC 2369 §3.2), None where the mail is no such thing.
    """

    sender: tuple[str, str]
    to: tuple[str, str]
    message_id: str
    date: datetime
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """An iCalendar object and its METHOD, which the mail's parts repeat (RFC 6047 §2.4)."""

    method: str
    ics: bytes


def message(letter: Letter, heads: Heads, invite: Invite | None = None) -> bytes:
    """The whole mail, CRLF throughout, ASCII throughout."""
    alternative = MIMEMultipart("alternative", _boundary(heads, "alternative"))
    for text, subtype in ((plain(letter), "plain"), (html(letter), "html")):
        alternative.attach(_text(text, subtype))
    made = alternative
    if invite is not None:
        alternative.attach(_calendar(invite))
        made = MIMEMultipart("mixed", _boundary(heads, "mixed"))
        made.attach(_part(alternative))
        made.attach(_file(invite))
    made["From"] = address_header("From", *heads.sender)
    made["To"] = address_header("To", *heads.to)
    made["Subject"] = text_header("Subject", letter.subject)
    made["Date"] = format_datetime(heads.date)
    made["Message-ID"] = f"<{heads.message_id}>"
    # RFC 3834 §5: nobody is away to hear of this, and no robot is to answer it.
    made["Auto-Submitted"] = "auto-generated"
    if heads.unsubscribe is not None:
        made["List-Unsubscribe"] = f"<{heads.unsubscribe}>"
    return made.as_bytes(policy=_POLICY)


def _text(text: str, subtype: str) -> MIMEBase:
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(text, _UTF8)
    return _part(part)


def _calendar(invite: Invite) -> MIMEBase:
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method=invite.method, component="VEVENT")
    return _encoded(part, invite.ics)


def _file(invite: Invite) -> MIMEBase:
    part = MIMENonMultipart("application", "ics", name=INVITE_FILE)
    part.add_header("Content-Disposition", "attachment", filename=INVITE_FILE)
    return _encoded(part, invite.ics)


def _encoded(part: MIMEBase, data: bytes) -> MIMEBase:
    # In base64 the line ends of iCalendar come through as they are, whatever carries the mail.
    part.set_payload(data)
    encode_base64(part)
    return _part(part)


def _part(part: MIMEBase) -> MIMEBase:
    # Only the whole has a version (RFC 2045 §4).
    del part["MIME-Version"]
    return part


def _boundary(heads: Heads, of: str) -> str:
    return f"={hashlib.sha256(f'{of} {heads.message_id}'.encode()).hexdigest()[:32]}="
