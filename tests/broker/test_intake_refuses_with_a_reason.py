"""Is what cannot be taken kept as it came, with a reason a program can read, and never in the consumer's way?"""

import json

import pytest

from tests.broker.intake_kit import at, inbox
from threedates.edge.couples import TOMBSTONES
from threedates.edge.refusals import CUT, DETAIL, HEADER_ROOM, REASON, SUBJECT


async def test_refused_input_keeps_its_bytes_and_says_why(nats_url: str, prefix: str) -> None:
    """The bytes exactly, though they are no JSON and no text."""
    async with inbox(nats_url, prefix) as here, here.serving():
        await here.join("ada")
        await here.send("checkin", "ada", b'\xff{"mood"')
        await here.check_in("ada", "c1", mood=9)
        await here.settled()
        broken, wrong = await here.refused()
        assert (broken.subject, broken.data) == (f"{prefix}.rejected.ada.checkin", b'\xff{"mood"')
        assert broken.headers[REASON] == "malformed"
        assert wrong.headers[REASON] == "invalid"
        assert wrong.headers[SUBJECT] == f"{prefix}.in.checkin.ada"
        assert json.loads(wrong.headers[DETAIL]) == {
            "code": "invalid", "detail": "mood should be less than or equal to 5", "field": "mood",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("checkin.a_b", "_.checkin"),
        ("checkin.ada.more", "_.checkin"),
        ("shout.ada", "_.shout"),
        ("command.key-0123456789ab", "_.command"),
        ("checkin", "_.checkin"),
    ],
)
async def test_a_subject_that_leads_nowhere_is_refused_under_nobody(
    nats_url: str, prefix: str, tail: str, kept: str
) -> None:
    """No id that could not be a couple's ever becomes part of a subject."""
    async with inbox(nats_url, prefix) as here, here.serving():
        await here.wire.publish(f"{prefix}.in.{tail}", b"{}")
        await here.settled()
        (stored,) = await here.refused()
        assert stored.subject == f"{prefix}.rejected.{kept}"
        assert stored.headers[SUBJECT] == f"{prefix}.in.{tail}"


async def test_nobody_and_those_who_left_are_unknown(nats_url: str, prefix: str) -> None:
    """An id that was erased is never used again."""
    async with inbox(nats_url, prefix) as here, here.serving():
        await here.wire.put(TOMBSTONES, "gone", b"")
        await here.join("gone")
        await here.check_in("gone", "c1")
        await here.check_in("nobody", "c2")
        await here.settled()
        refused = await here.refused()
        assert [stored.headers[REASON] for stored in refused] == ["unknown_couple"] * 3
        # Their words went with them; of who was never there the bytes are kept, for whoever sent them.
        assert {bool(stored.data) for stored in refused if ".gone." in stored.subject} == {False}
        assert all(stored.data for stored in refused if ".nobody." in stored.subject)
        assert await here.facts("gone") == await here.facts("nobody") == []


async def test_what_was_known_a_moment_ago_admits_but_never_refuses(nats_url: str, prefix: str) -> None:
    """Settings that changed elsewhere a moment ago count at once for whom they let in."""
    partners = [{"name": "Sam", "tz": "Europe/Berlin"}, {"name": "Kim"}]
    change = {"type": "change", "id": "x", "at": at(), "patch": {"partners": partners}}
    async with inbox(nats_url, prefix) as here, here.serving(replicas=2):
        await here.join("ada")
        await here.check_in("ada", "c1")
        await here.settled()
        await here.send("command", "ada", change)
        await here.settled()
        for n in range(8):
            await here.check_in("ada", f"k{n}", partner="kim")
        await here.settled()
        assert await here.refused() == []


async def test_a_body_as_large_as_the_broker_takes_is_refused_too(nats_url: str, prefix: str) -> None:
    """With its reason it is larger than that: what has to go is cut, and said."""
    async with inbox(nats_url, prefix) as here, here.serving():
        size = here.wire.client.max_payload
        await here.wire.publish(f"{prefix}.in.checkin.ada", b"x" * size)
        await here.settled()
        (stored,) = await here.refused()
        assert (stored.headers[REASON], stored.headers[CUT]) == ("too_large", str(size))
        assert len(stored.data) == size - HEADER_ROOM
