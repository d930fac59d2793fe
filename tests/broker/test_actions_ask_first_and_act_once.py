"""Does an action link act on POST alone, once, as its own partner, and explain itself kindly when it cannot?"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.broker.gateway_kit import Gateway, gateway, whole
from threedates.core.links import Action
from threedates.edge.embedded import EmbeddedNats
from threedates.gateway.page.sections import SECTIONS
from threedates.gateway.rates import AT_ONCE
from threedates.schemas.base import KINDS
from threedates.schemas.log import Answered, Booked, Snoozed

BERLIN = ZoneInfo("Europe/Berlin")


def local_in(here: Gateway, **ahead: float) -> str:
    """A value for the time field, in Berlin's time."""
    return f"{(here.clock.now + timedelta(**ahead)).astimezone(BERLIN):%Y-%m-%dT%H:%M}"


async def post(here: Gateway, path: str, **fields: str) -> httpx.Response:
    return await here.http.post(path, data=fields, headers={"sec-fetch-site": "same-origin", "origin": "null"})


async def test_looking_changes_nothing(nats_url: str, prefix: str) -> None:
    """Mail programs fetch every link they see."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        actions: tuple[Action, ...] = ("accept", "decline", "move", "held", "snooze", "skip")
        for action in actions:
            for method in ("GET", "HEAD"):
                assert (await here.http.request(method, here.action(action, uid))).status_code == 200
        assert not [await here.facts(sort) for sort in (Answered, Booked, Snoozed) if await here.facts(sort)]


async def test_accept_sets_the_date_once(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        link = here.action("accept", uid, partner=1)
        page = await here.http.get(link)
        assert "Say yes to this fun date?" in page.text
        for _ in range(3):
            answer = await post(here, link)
            assert answer.status_code == 200
            assert "It is set" in answer.text
        (fact,) = await here.facts(Answered)
        assert (fact.by, fact.uid, fact.answer) == ("alex", uid, "accept")
        assert (await here.state()).dates[uid].record.status == "scheduled"
        assert "It is set" in (await here.http.get(link)).text


async def test_decline_brings_another_time(nats_url: str, prefix: str) -> None:
    """Also of a date that is set; whoever looks at it again reads what was done."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        await post(here, here.action("accept", uid, partner=1))
        before = (await here.state()).dates[uid].record
        link = here.action("decline", uid)
        assert "Does the time of this fun date not suit?" in (await here.http.get(link)).text
        assert (await post(here, link, sequence=str(before.sequence - 1))).status_code == 409
        for _ in range(2):
            assert "Another time is looked for" in (await post(here, link, sequence=str(before.sequence))).text
        declined = [fact for fact in await here.facts(Answered) if fact.answer == "decline"]
        assert [(fact.by, fact.uid) for fact in declined] == [("sam", uid)]
        async with asyncio.timeout(30):
            while (after := (await here.state()).dates[uid].record).sequence == before.sequence:
                await asyncio.sleep(0.02)
        assert after.status == "proposed"
        assert after.start != before.start


async def test_move_is_meant_in_the_dates_own_zone(nats_url: str, prefix: str) -> None:
    """Alex lives in Lisbon; the couple's dates are kept in Berlin's time, which the page names."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        link = here.action("move", uid, partner=1)
        page = await here.http.get(link)
        assert "(Europe/Berlin)" in page.text
        wanted = local_in(here, days=9)
        assert (await post(here, link, start=wanted)).status_code == 200
        start = (await here.state()).dates[uid].record.start
        assert start == datetime.fromisoformat(wanted).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("", "Choose a day"),
        ("soon", "Choose a day"),
        ("9999-12-31T23:59", "Choose a day"),
        ("2020-01-01T10:00", "has gone by"),
    ],
)
async def test_a_time_that_does_not_fit_is_asked_for_again(nats_url: str, prefix: str, start: str, words: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        answer = await post(here, here.action("move", await here.proposed()), start=start)
        assert answer.status_code == 422
        assert words in answer.text
        assert not await here.facts(Answered)


async def test_what_the_core_refuses_is_said_beside_the_field(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        answer = await post(here, here.action("move", await here.proposed()), start="2999-01-01T10:00")
        assert answer.status_code == 422
        assert 'id="start-problem"' in answer.text
        assert "two years" in answer.text


async def test_held_without_a_date_is_noted_as_just_over(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed("emotional")
        link = here.action("held", None, "emotional")
        for _ in range(2):
            assert "It counts" in (await post(here, link)).text
        (fact,) = await here.facts(Booked)
        assert (fact.by, fact.kind, fact.status) == ("sam", "emotional", "held")
        assert fact.end - fact.start == timedelta(hours=1)


@pytest.mark.parametrize("choice", ["tomorrow", "weekend", "next_week"])
async def test_snooze_silences_its_kind(nats_url: str, prefix: str, choice: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        link = here.action("snooze", await here.proposed())
        assert (await post(here, link, until="never")).status_code == 422
        assert "Quiet until" in (await post(here, link, until=choice)).text
        (fact,) = await here.facts(Snoozed)
        assert (fact.by, fact.kind) == ("sam", "fun")
        assert here.clock.now < fact.until <= here.clock.now + timedelta(days=8)
        assert fact.until.astimezone(BERLIN).hour == 18


@pytest.mark.parametrize("action", ["held", "skip"])
async def test_the_other_answers_close_it(nats_url: str, prefix: str, action: Action) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        assert (await post(here, here.action(action, uid))).status_code == 200
        (fact,) = await here.facts(Answered)
        assert fact.answer == action


async def test_when_the_other_one_was_faster_it_says_so(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        await post(here, here.action("accept", uid, partner=0))
        link = here.action("accept", uid, partner=1)
        for answer, status in ((await here.http.get(link), 200), (await post(here, link), 409)):
            assert answer.status_code == status
            assert "One of you said yes already" in answer.text
            assert "<button" not in answer.text
        assert len(await here.facts(Answered)) == 1


async def test_yes_to_a_time_that_has_changed_is_asked_again(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        answer = await post(here, here.action("accept", uid), sequence="99")
        assert answer.status_code == 409
        assert "has changed" in answer.text
        assert not await here.facts(Answered)


async def test_links_that_open_nothing_say_why(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        good = here.action("held", None)
        old = here.action("held", None, days=-1)
        for method in ("GET", "POST"):
            for forged in (good[:-1], "/a/x", good.replace("/a/", "/a/x"), here.page().replace("/c/", "/a/")):
                assert (await here.http.request(method, forged)).status_code == 404
            assert (await here.http.request(method, old)).status_code == 410
        await here.leave()
        assert (await here.http.get(good)).status_code == 410


async def test_another_site_cannot_press_the_button(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        link = here.action("accept", await here.proposed())
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://elsewhere.example"},
        ):
            assert (await here.http.post(link, headers=headers)).status_code == 403
        assert not await here.facts(Answered)


async def test_pages_let_nothing_in_and_nothing_out(nats_url: str, prefix: str) -> None:
    """Their addresses are credentials: no cache, no referrer, no frame, no script."""
    async with gateway(nats_url, prefix) as here:
        await here.join()
        for path in (here.action("held", None), "/a/forged", here.page(), "/c/forged"):
            answer = await here.http.get(path)
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
            assert "<script" not in answer.text
            assert "style=" not in answer.text


async def test_without_the_broker_a_page_asks_for_patience(tmp_path: Path, prefix: str) -> None:
    async with EmbeddedNats(tmp_path) as nats, gateway(nats.url, prefix) as here:
        await here.join()
        link = here.action("held", None)
        await nats.stop()
        await here.until(connected=False)
        for method, path in (("GET", link), ("POST", link), ("GET", here.page())):
            answer = await here.http.request(method, path)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert "Back in a moment" in answer.text


async def test_what_is_shown_is_escaped(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join(partners=[{"name": "<b>sam</b>", "tz": "Europe/Berlin"}, {"name": 'al"ex'}])
        sections = [f"{here.page(partner)}/{section}".rstrip("/") for section in SECTIONS for partner in (0, 1)]
        for path in (*(here.action("held", None, kind) for kind in KINDS), *sections):
            text = (await here.http.get(path)).text
            assert "<b>" not in text
            assert "&lt;b&gt;sam" in text


async def test_a_page_is_asked_for_within_reason(nats_url: str, prefix: str) -> None:
    """What reads the whole log is dear. Forged links are not counted: nobody can shut a couple out."""
    async with gateway(nats_url, prefix) as here:
        await here.join()
        for _ in range(2 * AT_ONCE):
            assert (await here.http.get(f"{here.page()}x")).status_code == 404
        answer = await here.http.get(f"{here.page()}/year")
        assert answer.status_code == 200
        async with asyncio.timeout(60):
            while answer.status_code == 200:
                answer = await here.http.get(f"{here.page()}/year")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert "slower" in answer.text
        for other in (here.page(1), here.action("held", None)):
            assert (await here.http.get(other)).status_code == 200
        assert (await here.http.get(here.page(generation=2))).status_code == 410
