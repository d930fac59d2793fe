"""Is the answer found in a mail however it is packed, and is everything else refused, quickly and with a reason?"""

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.admission_kit import DATE_UID, NOW, couple
from tests.mails import TNEF, apple, gmail, outlook
from threedates.core.admission import admit
from threedates.core.ics_text import uids_in
from threedates.core.ids import couple_of
from threedates.core.mail_in import MAX_MAIL, MailedAnswer, read_mail
from threedates.core.refusal import Refusal, Refused
from threedates.schemas.inbound import CalendarIcs

PLAIN = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:ada-fun-1@threedates\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def mail(sender: str = "Sam <sam@example.org>", kind: str = "text/calendar", body: str = PLAIN, **more: str) -> bytes:
    """A mail that is nothing but its calendar part."""
    lines = [f"From: {sender}", f"Content-Type: {kind}", *(f"{k.replace('_', '-')}: {v}" for k, v in more.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def refused(raw: bytes) -> Refusal:
    """Why it is refused."""
    with pytest.raises(Refused) as caught:
        read_mail(raw)
    assert "@example.org" not in caught.value.refusal.detail.replace("<sam@example.org>", "")
    return caught.value.refusal


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (gmail(DATE_UID), "accept"),
        (
            gmail(DATE_UID, method="COUNTER", partstat="TENTATIVE", start="20261125T190000Z", end="20261125T213000Z"),
            "move",
        ),
        (outlook(DATE_UID), "decline"),
        (outlook(DATE_UID, method="COUNTER", start="20261125T200000", end="20261125T223000"), "move"),
        (apple(DATE_UID), "accept"),
        (apple(DATE_UID, partstat="TENTATIVE").replace(b"\r\n", b"\n"), "tentative"),
    ],
)
def test_the_great_programs_answers_are_taken(raw: bytes, answer: str) -> None:
    """As a gateway hands them on, also one that changes the line ends."""
    found = read_mail(raw)
    assert uids_in(found.ics) == {DATE_UID}
    event = CalendarIcs(id="m", source="mail", ics=found.ics, sender=found.sender)
    facts = admit("calendar", "ada", event.model_dump_json().encode(), couple(), NOW)
    assert not isinstance(facts, Refusal), facts
    assert [(fact.by, fact.answer) for fact in facts if fact.type == "date.answered"] == [("Sam", answer)]


@pytest.mark.parametrize(
    "raw",
    [
        mail(),
        mail("sam@example.org"),
        mail('"Doe, Sam" <SAM@example.org>'),
        mail("Sam (at work) Doe\r\n <sam@example.org>"),
        mail("=?utf-8?Q?S=C3=A4m?= <sam@example.org>"),
        mail(kind="application/ics"),
        mail(kind='application/octet-stream; name="reply.ICS"'),
        mail(kind='text/calendar; charset="x-unheard-of"'),
        mail(kind="text/calendar; charset=utf-16", body="QQ==", Content_Transfer_Encoding="base64"),
        mail(kind="text/calendar", Content_Transfer_Encoding="8bit"),
    ],
)
def test_any_honest_form_is_read(raw: bytes) -> None:
    """What is no standard's own form is still clear enough."""
    assert read_mail(raw).sender == "sam@example.org"


def test_a_calendar_part_is_found_before_an_attachment_and_however_deep() -> None:
    """RFC 6047 puts it inside multipart/alternative, beside a copy of it."""
    outer = EmailMessage()
    outer["From"] = "sam@example.org"
    outer.set_content("see below")
    outer.add_attachment(b"other", "application", "octet-stream", filename="other.ics")
    inner = EmailMessage()
    inner.set_content(PLAIN, subtype="calendar", params={"method": "REPLY"})
    for kind in ("related", "alternative", "signed", "mixed"):
        wrapped = EmailMessage()
        wrapped["Content-Type"] = f'multipart/{kind}; boundary="{kind}"'
        wrapped.set_payload([inner])
        inner = wrapped
    outer.attach(inner)
    assert read_mail(outer.as_bytes()) == MailedAnswer("sam@example.org", PLAIN.replace("\r\n", "\n"))


def _forwarded() -> bytes:
    inside = EmailMessage()
    inside.set_content(PLAIN, subtype="calendar")
    outer = EmailMessage()
    outer["From"] = "sam@example.org"
    outer.set_content("look what came")
    outer.add_attachment(inside)
    return outer.as_bytes()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed"),
        (b'{"from": "sam@example.org"}', "malformed"),
        (b"--b\r\nContent-Disposition: form-data; name=email\r\n\r\nFrom: sam@example.org", "malformed"),
        (TNEF, "no_answer"),
        (mail(kind="text/plain", body="I am out of the office."), "no_answer"),
        (_forwarded(), "no_answer"),
        (mail(body=""), "malformed"),
        (mail("Sam"), "wrong_sender"),
        (mail("sam@example.org, alex@example.org"), "wrong_sender"),
        (mail("sam@example.org <evil@example.net> <sam@example.org>"), "wrong_sender"),
        (mail('sam@example.org"<evil@example.net>'), "wrong_sender"),
        (mail("sam@example.org\r\nFrom: evil@example.net"), "wrong_sender"),
        (mail().replace(b"From", b"Form"), "malformed"),
        (mail(body=PLAIN + "x" * 256 * 1024), "too_large"),
        (mail(body="x\n" * (MAX_MAIL // 2)), "too_large"),
        (b"x" * (MAX_MAIL + 1), "too_large"),
        (mail(kind="multipart/mixed; boundary=b", body="\r\n".join(f"boundary={n}" for n in range(30))), "too_large"),
        (mail(kind="text/calendar; " + ";" * 3_000), "malformed"),
        (mail("x" * 3_000), "malformed"),
    ],
)
def test_what_answers_nothing_says_why(raw: bytes, code: str) -> None:
    """A person has to see what to change; a program tells by the code."""
    assert refused(raw).code == code


def test_tnef_says_what_to_do() -> None:
    assert "winmail.dat" in refused(TNEF).detail


@pytest.mark.parametrize(
    ("uid", "couple_id"),
    [
        ("ada-fun-1@threedates", "ada"),
        ("c-9-business-12@threedates", "c-9"),
        ("ada-fun-1@threedates.example", None),
        ("ada-fun-due-1@threedates", None),
        ("ada-fun-01@threedates", None),
        ("-fun-1@threedates", None),
        ("ada.b-fun-1@threedates", None),
        ("040000008200E00074C5B7101A82E008@google.com", None),
    ],
)
def test_a_uid_names_its_couple(uid: str, couple_id: str | None) -> None:
    """And the UIDs of others name nobody."""
    assert couple_of(uid) == couple_id


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from([gmail(DATE_UID), outlook(DATE_UID), apple(DATE_UID), TNEF]))
def test_a_mangled_mail_is_read_or_refused(data: st.DataObject, raw: bytes) -> None:
    """Lines lost, doubled, exchanged, cut, filled with bytes that are no text."""
    lines = raw.split(b"\n")
    for _ in range(data.draw(st.integers(1, 5))):
        n = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "move", "cut", "junk"])):
            case "drop":
                lines[n] = b""
            case "double":
                lines.insert(n, lines[n])
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines[n])
            case "cut":
                lines[n] = lines[n][: data.draw(st.integers(0, 20))]
            case _:
                lines[n] += data.draw(st.binary(max_size=20))
    with suppress(Refused):
        assert read_mail(b"\n".join(lines)).sender
