"""Does whoever chose invites by mail get each change of a date that is set, once, and nobody else any?"""

import logging
from datetime import timedelta

import pytest

from tests.broker.mail_kit import ALEX, MAIL_FROM, SAM, calendar_of, event_of, mailing
from threedates.edge.clock import system_clock
from threedates.schemas.log import Changed

BY_MAIL = {"email": SAM, "invites": "mail"}


async def test_a_date_set_moved_and_cancelled_comes_as_request_request_cancel(nats_url: str, prefix: str) -> None:
    """One UID, a SEQUENCE that grows with DTSTAMP (RFC 5546 §2.1.4); to the one who chose it, not to the other."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL, {"email": ALEX})
        uid = await here.book("ada")
        await here.invites(1)
        await here.answer("ada", uid, "move", system_clock() + timedelta(days=6))
        await here.invites(2)
        await here.answer("ada", uid, "cancel")
        mails = await here.invites(3)
        await here.attempted("ada", 0, "delivered", 3)
        assert [str(calendar_of(mail)["METHOD"]) for mail in mails] == ["REQUEST", "REQUEST", "CANCEL"]
        events = [event_of(mail) for mail in mails]
        assert {str(event["UID"]) for event in events} == {uid}
        sequences, stamps = [event["SEQUENCE"] for event in events], [event["DTSTAMP"].dt for event in events]
        assert sequences == sorted(set(sequences))
        assert stamps == sorted(stamps)
        assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        for mail, event in zip(mails, events, strict=True):
            assert mail["To"] == f"sam <{SAM}>"
            assert mail["From"] == MAIL_FROM
            assert str(event["ORGANIZER"]) == "mailto:dates@example.com"
            assert str(event["ATTENDEE"]) == f"mailto:{SAM}"
        # Alex, who has an address and no endpoint, hears nudges by mail, and the dates from the feed.
        assert [one for one in await here.attempts("ada", 1) if one.type.startswith("date.")] == []


async def test_a_set_date_that_is_declined_is_asked_about_at_its_new_time(nats_url: str, prefix: str) -> None:
    """Whoever was invited must not be left with the time that is off."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL)
        uid = await here.book("ada")
        (first,) = await here.invites(1)
        await here.answer("ada", uid, "decline")
        _, second = await here.invites(2)
        assert (str(calendar_of(second)["METHOD"]), str(event_of(second)["STATUS"])) == ("REQUEST", "TENTATIVE")
        assert event_of(second)["UID"] == event_of(first)["UID"]
        assert event_of(second)["SEQUENCE"] > event_of(first)["SEQUENCE"]
        assert event_of(second)["DTSTART"].dt != event_of(first)["DTSTART"].dt


async def test_who_changes_their_mind_has_each_date_in_one_place(nats_url: str, prefix: str) -> None:
    """To mail: the date that is set comes as a REQUEST. Back: it is taken out there, without being called off."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", {"email": SAM})
        uid = await here.book("ada")
        partners = [
            {"name": "sam", "tz": "Europe/Berlin", "quiet": None, "email": SAM},
            {"name": "alex", "quiet": None},
        ]
        for n, way in enumerate(("mail", "feed")):
            patch = {"partners": [{**partners[0], "invites": way}, {**partners[1], "tz": "Europe/Berlin"}]}
            await here.world.fact("ada", Changed(id=f"change-{n}", at=system_clock(), patch=patch))
            await here.invites(n + 1)
        request, cancel = await here.invites(2)
        assert (str(calendar_of(request)["METHOD"]), str(event_of(request)["UID"])) == ("REQUEST", uid)
        assert (str(calendar_of(cancel)["METHOD"]), str(event_of(cancel)["UID"])) == ("CANCEL", uid)
        assert "STATUS" not in event_of(cancel)
        assert str(event_of(cancel)["ATTENDEE"]) == f"mailto:{SAM}"
        assert event_of(cancel)["DTSTAMP"].dt >= event_of(request)["DTSTAMP"].dt


async def test_an_invite_that_waited_is_not_sent_after_a_newer_one(nats_url: str, prefix: str) -> None:
    """The retry of the first finds that its date has moved since."""
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL)
        here.post.rcpt = ["451 4.3.0 not now"] * 50
        uid = await here.book("ada")
        await here.attempted("ada", 0, "retrying")
        moved = (system_clock() + timedelta(days=6)).replace(microsecond=0)
        await here.answer("ada", uid, "move", moved)
        (dropped,) = await here.attempted("ada", 0, "dropped")
        here.post.rcpt.clear()
        (mail,) = await here.invites(1)
        assert dropped.error == "overtaken"
        assert event_of(mail)["DTSTART"].dt == moved


async def test_no_address_is_kept_or_logged(nats_url: str, prefix: str, caplog: pytest.LogCaptureFixture) -> None:
    """Tasks, attempts and dead letters outlive the settings that hold it, and logs go anywhere."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").propagate = False  # the test's own server, which speaks of all it hears
    async with mailing(nats_url, prefix) as here:
        await here.join("ada", BY_MAIL, {"email": ALEX, "invites": "mail"})
        here.post.rcpt = [
            f"451 4.3.0 <{SAM}> not now",
            f"550 5.1.1 <{SAM}>: unknown",
            f"550 5.1.1 <{ALEX}>: unknown",
        ] * 9
        await here.book("ada")
        await here.attempted("ada", 0, "dead")
        await here.attempted("ada", 1, "dead")
        kept: list[bytes] = []
        names = here.world.wire.names
        for stream in (names.deliveries, names.attempts, names.dead):
            for subject in [one async for one in here.world.wire.subjects(stream, ">")]:
                kept += [stored.data for stored in await here.world.wire.reader.tail(stream, subject, 1)]
    text = caplog.text.lower() + b"".join(kept).decode().lower()
    assert "given up" in text
    for word in (SAM, ALEX, "smith", "jones", "p@ss/word", "p%40ss"):
        assert word not in text
