"""Can a partner see how all stands and answer it on the page alone, with what is private kept private?"""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.broker.gateway_kit import COUPLE, Gateway, gateway, whole
from threedates.edge.embedded import EmbeddedNats
from threedates.gateway.page.sections import SECTIONS
from threedates.schemas.base import KINDS
from threedates.schemas.log import Answered, Booked, CheckedIn, Paused, Resumed, Snoozed

OURS = {"sec-fetch-site": "same-origin", "origin": "null"}
ID = "p-0123456789abcdef"


async def post(here: Gateway, what: str, by: int = 0, **fields: Any) -> httpx.Response:
    answer = await here.http.post(f"{here.page(by)}/{what}", data=fields, headers=OURS)
    if here.wire.is_connected:
        await here.taken_in()
    return answer


def returned(here: Gateway, answer: httpx.Response, partner: int = 0) -> bool:
    """Whether the browser is sent back to the page."""
    target = answer.url.join(answer.headers.get("location", ""))
    return answer.status_code == 303 and target.path.startswith(here.page(partner))


async def test_a_page_shows_three_lanes_with_what_each_needs(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed("emotional")
        text = (await here.http.get(here.page())).text
        for words in ("Fun", "Business", "Heart-to-heart", "your turn", "alex’s turn", "today"):
            assert words in text
        assert text.count("<strong>Proposed</strong>") == 3
        assert text.count("<summary>") >= 4
        assert text.count("You want a") == 3
        assert text.count("<li>You joined, ") == 3
        assert "Times are in Europe/Berlin" in text
        assert "Times are in Europe/Lisbon" in (await here.http.get(here.page(1))).text


async def test_one_thing_is_asked_for_first(nats_url: str, prefix: str) -> None:
    """What nudges would speak of first: the largest deficit; and when all is settled, how the day was."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        for kind in KINDS:
            await here.proposed(kind)
        for _ in KINDS:
            text = (await here.http.get(here.page())).text
            (uid,) = re.findall(r'name="uid" value="([^"]+)"', text)
            assert returned(here, await post(here, "answer", uid=uid, answer="accept", back=""))
        text = (await here.http.get(here.page())).text
        assert '<section class="worth' in text
        assert 'value="accept"' not in text


async def test_every_field_has_a_label_and_every_id_is_one_of_a_kind(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed("emotional")
        for section in SECTIONS:
            text = (await here.http.get(f"{here.page()}/{section}".rstrip("/"))).text
            ids = re.findall(r'\sid="([^"]+)"', text)
            assert len(ids) == len(set(ids))
            for attributes in re.findall(r"<(?:input|select|textarea)([^>]*)>", text):
                if re.search(r'type="(hidden|radio|checkbox)"|aria-label=', attributes):
                    continue  # choices stand inside their label
                found = re.search(r'id="([^"]+)"', attributes)
                assert found is not None
                assert f'<label for="{found[1]}"' in text
            for labelled in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text):
                assert set(labelled.split()) <= set(ids)
            for target in re.findall(r'href="#([^"]+)"', text):
                assert target in ids


async def test_feeds_are_the_couples_and_the_partners_own(nats_url: str, prefix: str) -> None:
    """The other's is for the other; a revoked one is shown to nobody."""
    async with gateway(nats_url, prefix) as here:
        couple, mine, others = await here.join()
        calendar = f"{here.page()}/calendar"
        text = (await here.http.get(calendar)).text
        for record, is_shown in ((couple, True), (mine, True), (others, False)):
            assert (f"https://dates.example{here.path(record)}" in text) == is_shown
            assert (f"webcal://dates.example{here.path(record)}" in text) == is_shown
        await here.records.revoke(mine.id, here.clock.now)
        rotated = await here.records.rotate(couple.id)
        text = (await here.http.get(calendar)).text
        assert here.path(mine) not in text
        assert here.path(rotated) in text


async def test_a_date_is_answered_on_the_page(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        assert returned(here, await post(here, "answer", 1, uid=uid, answer="accept"), 1)
        assert returned(here, await post(here, "answer", 0, uid=uid, answer="decline"), 0)
        assert [(fact.by, fact.answer) for fact in await here.facts(Answered)] == [
            ("alex", "accept"),
            ("sam", "decline"),
        ]


async def test_a_form_posted_twice_does_one_thing(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed()
        for _ in range(2):
            assert returned(here, await post(here, "check-in", id=ID, mood="2"))
        assert len(await here.facts(CheckedIn)) == 1


async def test_a_check_in_is_its_authors(nats_url: str, prefix: str) -> None:
    """Its note is shown to its author, looking back, and nowhere else."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed()
        sent: dict[str, Any] = {
            "mood": "2",
            "loneliness": "0",
            "talk": "deep",
            "conflict": "yes",
            "stress": ["money", "chores"],
            "did": ["walk"],
            "together_minutes": "40",
            "note": "for\r\nmyself <i>",
            "desire": "",
        }
        assert returned(here, await post(here, "check-in", **sent))
        (fact,) = await here.facts(CheckedIn)
        assert (fact.partner, fact.mood, fact.loneliness, fact.desire) == ("sam", 2, 0, None)
        assert (fact.talk, fact.conflict, fact.stress, fact.did) == ("deep", True, ("money", "chores"), ("walk",))
        assert (fact.together_minutes, fact.note) == (40, "for\nmyself <i>")
        for partner in (0, 1):
            for section in SECTIONS:
                text = (await here.http.get(f"{here.page(partner)}/{section}".rstrip("/"))).text
                assert ("myself" in text) == (partner == 0 and section == "year")
                assert "<i>" not in text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mood": "7", "note": "kept as typed"}, "mood"),
        ({"together_minutes": "many", "note": "kept as typed"}, "together"),
        ({"stress": "weather", "note": "kept as typed"}, "stress"),
    ],
)
async def test_a_refused_check_in_comes_back_as_it_was_filled_in(
    nats_url: str, prefix: str, fields: dict[str, Any], field: str
) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        answer = await post(here, "check-in", **fields)
        assert answer.status_code == 422
        assert f'id="check-in-{field}-problem"' in answer.text
        assert "kept as typed" in answer.text


async def test_an_empty_check_in_is_asked_for_again(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        answer = await post(here, "check-in", note="  ")
        assert (answer.status_code, "any one thing" in answer.text.lower()) == (422, True)


async def test_a_date_of_ones_own_is_booked_or_held(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed("business")
        before = here.clock.now.replace(year=here.clock.now.year - 1)
        held = f"{before:%Y-%m-%dT%H:%M}"
        assert returned(here, await post(here, "book", kind="business", status="held", start=held))
        ahead = f"{here.clock.now.replace(year=here.clock.now.year + 1, day=1):%Y-%m-%d 20:00}"
        assert returned(here, await post(here, "book", kind="fun", status="scheduled", start=ahead))
        assert [(fact.kind, fact.status) for fact in await here.facts(Booked)] == [
            ("business", "held"),
            ("fun", "scheduled"),
        ]
        late = await post(here, "book", kind="fun", status="held", start=ahead)
        assert (late.status_code, 'id="book-start-problem"' in late.text) == (422, True)
        for end_of_time in ("9999-12-31T23:59", "0001-01-01T00:00"):
            answer = await post(here, "book", kind="fun", status="held", start=end_of_time)
            assert (answer.status_code, 'id="book-start-problem"' in answer.text) == (422, True)


async def test_quiet_and_pause(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed()
        assert returned(here, await post(here, "snooze", kind="all", until="weekend"))
        assert returned(here, await post(here, "pause", until=""))
        assert "Nothing is proposed" in (await here.http.get(here.page(1))).text
        assert returned(here, await post(here, "resume", 1), 1)
        for sort in (Snoozed, Paused, Resumed):
            assert len(await here.facts(sort)) == 1
        refused = await post(here, "pause", until="2020-01-01T10:00")
        assert (refused.status_code, 'id="pause-until-problem"' in refused.text) == (422, True)


async def test_a_date_that_changed_meanwhile_is_shown_as_it_stands(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        await post(here, "answer", uid=uid, answer="accept")
        answer = await post(here, "answer", 1, uid=uid, answer="accept")
        assert answer.status_code == 422
        assert "was changed meanwhile" in answer.text


async def test_what_is_no_form_of_ours_does_nothing(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        path = f"{here.page()}/check-in"
        cross = await here.http.post(path, data={"mood": "2"}, headers={"sec-fetch-site": "cross-site"})
        assert cross.status_code == 403
        assert (await here.http.post(path, json={"mood": 2}, headers=OURS)).status_code == 422
        assert (await here.http.post(path, content=b"note=" + b"x" * 70_000, headers=OURS)).status_code == 413
        assert (await post(here, "erase")).status_code == 404
        assert (await here.http.post(f"/c/{COUPLE}.0.1.forged/check-in", data={"mood": "2"})).status_code == 404
        assert (await here.http.get(path)).status_code == 303


async def test_a_couple_that_left_has_no_page(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        await here.leave()
        assert (await here.http.get(here.page())).status_code == 404


async def test_the_style_sheet_comes_from_the_same_origin(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        page = await here.http.get(here.page())
        (href,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
        style = await here.http.get(page.url.join(href))
        assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
        again = await here.http.get(page.url.join(href), headers={"if-none-match": style.headers["etag"]})
        assert again.status_code == 304


async def test_a_feed_is_given_another_address_ended_and_made_on_the_page(nats_url: str, prefix: str) -> None:
    """A partner's hand reaches the couple's feeds and their own, never the other's."""
    async with gateway(nats_url, prefix) as here:
        couple, mine, others = await here.join()
        assert returned(here, await post(here, "feed-rotate", feed=couple.id))
        assert (await here.http.get(here.path(couple))).status_code == 410
        rotated = await here.records.get(couple.id)
        assert (await here.http.get(here.path(rotated))).headers["content-type"] == "text/calendar; charset=utf-8"
        assert (await post(here, "feed-rotate", feed=others.id)).status_code == 422
        assert returned(here, await post(here, "feed-revoke", feed=others.id))
        assert (await here.http.get(here.path(others))).status_code == 200
        assert returned(here, await post(here, "feed-revoke", feed=mine.id))
        assert (await here.http.get(here.path(mine))).status_code == 410
        for _ in range(2):
            made: dict[str, Any] = {"id": ID, "kinds": ["fun"], "scope": "partner", "detail": "busy"}
            assert returned(here, await post(here, "feed-add", **made))
        (added,) = [
            one for one in await here.records.of_couple(COUPLE) if one.id not in (couple.id, mine.id, others.id)
        ]
        assert (added.partner, added.kinds, added.detail, added.alarms) == (0, ("fun",), "busy", False)
        none = await post(here, "feed-add")
        assert (none.status_code, 'id="feed-add-kinds-problem"' in none.text) == (422, True)


async def test_a_page_that_was_shown_is_shown_from_memory_while_the_broker_is_away(tmp_path: Path, prefix: str) -> None:
    """With the time it is from; what is posted then is not lost, and nothing is said to be noted."""
    async with EmbeddedNats(tmp_path) as nats, gateway(nats.url, prefix) as here:
        await here.join()
        assert "Nothing newer can be read" not in (await here.http.get(here.page())).text
        await nats.stop()
        await here.until(connected=False)
        for section in ("", "/dates"):
            answer = await here.http.get(f"{here.page()}{section}")
            assert answer.status_code == 200
            assert "This is how it stood" in answer.text
        calendar = await here.http.get(f"{here.page()}/calendar")
        assert (calendar.status_code, "back in a moment" in calendar.text) == (503, True)
        answer = await post(here, "check-in", mood="2", note="kept as typed")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        for words in ("kept as typed", "try again", 'value="2" checked'):
            assert words in answer.text
        assert (await here.http.get(f"/c/{COUPLE}.0.1.forged")).status_code == 404


async def test_a_first_visit_is_light(nats_url: str, prefix: str) -> None:
    """Page and style sheet together, as they are sent: there is nothing else to load."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed("emotional")
        page = await here.http.get(here.page())
        loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]+)"', page.text)
        sizes = [len((await here.http.get(page.url.join(address))).content) for address in loaded]
        assert len(sizes) == 1
        assert len(page.content) + sum(sizes) < 50_000
