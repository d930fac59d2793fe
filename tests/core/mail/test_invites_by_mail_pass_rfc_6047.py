"""Has a mail with an invite the form that calendar programs look for (RFC 6047 §2.4)?"""

from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Component

from tests.core.calendar.examples import STAMP, date_record
from tests.core.mail.examples import HEBREW, MAKER, SAM, invite_mail, nudge_mail
from tests.mail_kit import parsed
from threedates.core.links import read_action_token
from threedates.core.mail.letters import Reader, nudge_letter
from threedates.core.webhook import body_of
from threedates.schemas.webhook import InviteNews, Webhook, WebhookData

DATES: dict[InviteNews, Any] = {
    "set": date_record(status="scheduled", sequence=1),
    "moved": date_record(status="scheduled", sequence=2),
    "asked": date_record(status="proposed", sequence=3),
    "idea": date_record(status="scheduled", sequence=3),
    "off": date_record(status="skipped", sequence=4),
    "by_mail": date_record(status="scheduled", sequence=1),
    "by_feed": date_record(status="scheduled", sequence=1),
}


def parts(mail: EmailMessage) -> tuple[EmailMessage, ...]:
    """The plain text, the HTML, the calendar and the file, where they have to be."""
    assert mail.get_content_type() == "multipart/mixed"
    alternative, file = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    found = (*alternative.iter_parts(), file)
    assert [part.get_content_type() for part in found] == [
        "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    return found  # type: ignore[return-value]  # the policy makes EmailMessages of all parts


@pytest.mark.parametrize("news", DATES)
def test_both_calendars_are_the_same_bytes_and_the_method_is_the_objects(news: InviteNews) -> None:
    """A method parameter that differs makes Outlook show an attachment and no invitation."""
    mail = parsed(invite_mail(news, DATES[news]))
    _, _, calendar, file = parts(mail)
    data, again = calendar.get_payload(decode=True), file.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert data == again
    read: Any = Component.from_ical(data)
    assert calendar.get_param("method") == str(read["METHOD"])
    assert read["METHOD"] == ("CANCEL" if news in ("off", "by_feed") else "REQUEST")
    assert (calendar.get_param("charset"), calendar.get_param("component")) == ("utf-8", "VEVENT")
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    (event,) = read.walk("VEVENT")
    assert event["DTSTAMP"].dt == STAMP
    assert str(event["ORGANIZER"]) == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert b"\r\n" in data
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize("news", DATES)
def test_its_links_are_the_attendees_own_and_only_where_there_is_something_to_answer(news: InviteNews) -> None:
    """They act in that partner's name, so they are made for nobody else."""
    plain, html, _, _ = parts(parsed(invite_mail(news, DATES[news])))
    tokens = [line.rpartition("/a/")[2] for line in plain.get_content().splitlines() if "/a/" in line]
    links = [read_action_token(MAKER.key, token) for token in tokens]
    if news in ("off", "by_feed"):
        assert links == []
        return
    assert [link.action for link in links if link is not None] == ["accept", "decline", "move"]
    assert {(link.couple_id, link.partner, link.uid) for link in links if link is not None} == {
        ("c1", 0, DATES[news].uid)
    }
    assert all(token in html.get_content() for token in tokens)


def test_times_are_the_readers_own() -> None:
    """Who lives elsewhere must not have to reckon."""
    plain, *_ = parts(parsed(invite_mail("set", DATES["set"], HEBREW)))
    assert "Friday, 27 November, 20:00 to 23:00 (Asia/Jerusalem)" in plain.get_content()


def test_lines_are_ascii_and_short_enough() -> None:
    """RFC 5321 §4.5.3.1.6: 1,000 octets with the line end; and no server needs 8BITMIME for it."""
    for made in (nudge_mail(), invite_mail("moved", DATES["moved"], HEBREW)):
        assert made.isascii()
        assert b"\n" not in made.replace(b"\r\n", b"")
        assert max(map(len, made.split(b"\r\n"))) <= 998


def test_what_people_wrote_is_never_markup() -> None:
    """A name is text, also in HTML."""
    evil = HEBREW.model_copy(update={"name": "<b onload=x>&amp;", "email": "sam@example.org"})
    _, html, _, _ = parts(parsed(invite_mail("set", DATES["set"], evil)))
    assert "<b onload" not in html.get_content()
    assert "&lt;b onload=x&gt;&amp;amp;" in html.get_content()


def test_a_nudge_about_no_date_leads_to_the_page() -> None:
    """The day's question is answered there."""
    data = WebhookData(nudge_id="c1-both-1-check_in-a", title="How was your day?", message="A minute to look back.")
    body = body_of(Webhook(type="nudge.check_in", timestamp=STAMP, data=data))
    letter = nudge_letter(body, Reader("c1", 0, SAM, "alex", page=3), MAKER)
    assert letter.subject == "How was your day?"
    ((label, url),) = letter.links
    assert (label, url.partition("/c/")[2].rpartition(".")[0]) == ("Your page", "c1.0.3")
