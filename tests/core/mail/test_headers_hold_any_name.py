"""Can a name or a title of any characters stand in a mail's head, without ever becoming a header of its own?"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.core.calendar.examples import STAMP
from tests.mail_kit import parsed
from threedates.core.mail.addresses import mailbox, one_line, sender
from threedates.core.mail.layout import Letter
from threedates.core.mail.message import Heads, message
from threedates.core.mail.replies import reply_text
from threedates.schemas.couple import Email

ANY = st.text(max_size=200)
HEADS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}


@settings(max_examples=150, deadline=None)
@given(name=ANY, title=ANY)
@example(name="sam\r\nBcc: all@example.org", title="x\r\n\r\nbody")
@example(name="a\u2028b\x85c", title="\u202egnirts")
@example(name='"quoted", (and) <more> @ all', title="=?utf-8?q?not_encoded?=")
@example(name="👩‍❤️‍👩 " * 20, title="נועה ואלכס " * 20)
def test_any_name_and_title_is_read_back(name: str, title: str) -> None:
    made = message(
        Letter(title, ("text",)),
        Heads(sender=sender("dates@example.org"), to=(name, "sam@example.org"), message_id="m@example.org", date=STAMP),
    )
    head = made.partition(b"\r\n\r\n")[0]
    assert {line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"} == HEADS
    mail = parsed(made)
    (to,) = mail["To"].addresses
    assert to.addr_spec == "sam@example.org"
    assert "".join(to.display_name.split()) == "".join(one_line(name).split())
    assert "".join(str(mail["Subject"]).split()) == "".join(one_line(title).split())
    # A word of ASCII has no place to fold at; encoded words have (RFC 2047 §2: lines of 76).
    if not (name.isascii() and title.isascii()):
        assert max(map(len, head.split(b"\r\n"))) <= 998


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_an_address_is_written_safely_or_not_at_all(local: str, domain: str) -> None:
    """What the contract lets through may still be nothing that a mail server takes."""
    try:
        address = TypeAdapter(Email).validate_python(f"{local}@{domain}")
    except ValueError:
        return
    written = mailbox(address)
    if written is not None:
        assert written.isascii()
        assert not set(written) & set(' <>\r\n\t\x00"(),:;[]\\')


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("sam@bücher.example", "sam@xn--bcher-kva.example"),
        ("o'brien+dates@example.org", "o'brien+dates@example.org"),
        ("søren@example.org", None),
        (".sam@example.org", None),
        ("sam@-example.org", None),
        ("sam", None),
    ],
)
def test_domains_in_any_script_have_an_ascii_form(given: str, written: str | None) -> None:
    assert mailbox(given) == written


def test_replies_lose_the_address_and_keep_their_sense() -> None:
    assert reply_text(
        550, "5.1.1 <Sam.S@example.org>: sam.s is unknown here\nsee help@example.org", "sam.s@example.org"
    ) == ("550 5.1.1 <…>: … is unknown here see …")
    assert reply_text(550, "5.7.1 a mail was refused", "a@example.org") == "550 5.7.1 … mail was refused"
