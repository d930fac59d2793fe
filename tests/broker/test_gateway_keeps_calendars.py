"""Calendars over ``/v1``: are their addresses judged, kept to themselves, and shown by the host alone?"""

import asyncio
import json
from datetime import datetime
from urllib.parse import urlsplit

from tests.broker.api_kit import ONE_LOOP, OTHER_KEY, Api
from tests.broker.calendars_kit import PATIENCE, hosting
from tests.core.polled_kit import HOUR, calendar, event
from threedates.calendars import app as calendars

pytestmark = ONE_LOOP
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
URL = "https://calendar.example/private-3f9c/basic.ics?key=k3y"


async def test_a_calendar_is_added_listed_and_deleted(api: Api) -> None:
    """Its address is a secret: whoever asks sees where it is, and no more."""
    couple_id = await api.join()
    made = await api.call("POST", f"/couples/{couple_id}/calendars", {"partner": "Sam", "url": URL}, expect=201)
    assert made["id"].startswith(f"{couple_id}_")
    assert (made["partner"], made["url"], made["shared"]) == ("sam", "https://calendar.example/…", False)
    assert (made["busy"], made["last_fetch"], made["error"]) == (0, None, None)
    assert await api.call("GET", f"/couples/{couple_id}/calendars", expect=200) == {"items": [made]}
    path = f"/couples/{couple_id}/calendars/{made['id']}"
    await api.call("DELETE", path, expect=204)
    assert await api.call("GET", f"/couples/{couple_id}/calendars", expect=200) == {"items": []}
    assert (await api.problem("DELETE", path, expect=404))[0] == "unknown_calendar"


async def test_the_same_address_is_the_same_calendar(api: Api) -> None:
    """Of the same partner; webcal and a fragment make no other of it, and a repeat with a key none either."""
    couple_id = await api.join()
    path = f"/couples/{couple_id}/calendars"
    made = await api.call("POST", path, {"partner": "sam", "url": URL}, expect=201)
    again = {"partner": "sam", "url": f"{URL.replace('https', 'webcal')}#top"}
    assert await api.call("POST", path, again, expect=201) == made
    other = await api.call("POST", path, {"partner": "alex", "url": URL}, expect=201, Idempotency_Key="k1")
    assert other["id"] != made["id"]
    assert await api.call("POST", path, {"partner": "alex", "url": URL}, expect=201, Idempotency_Key="k1") == other
    await api.call("DELETE", f"{path}/{other['id']}", expect=204)
    refused = await api.problem("POST", path, {"partner": "alex", "url": URL}, expect=409, Idempotency_Key="k1")
    assert refused[0] == "calendar_deleted"


async def test_what_cannot_be_fetched_is_refused_at_once(api: Api) -> None:
    """By the rules that webhook addresses are judged by; the problem names the field."""
    couple_id = await api.join()
    path = f"/couples/{couple_id}/calendars"
    for url in ("http://10.0.0.1/a.ics", "http://2130706433/", "https://u:p@calendar.example/", "file:///a", "a", ""):
        assert await api.problem("POST", path, {"partner": "sam", "url": url}, expect=422) == ("invalid", "url")
    assert await api.problem("POST", path, {"partner": "kim", "url": URL}, expect=422) == ("unknown_partner", "partner")
    assert await api.problem("POST", path, {"partner": "sam"}, expect=422) == ("invalid", "url")


async def test_there_are_eight_at_most(api: Api) -> None:
    """Their times must fit into what a couple's state holds."""
    couple_id = await api.join()
    path = f"/couples/{couple_id}/calendars"
    for n in range(8):
        await api.call("POST", path, {"partner": "sam", "url": f"{URL}{n}"}, expect=201)
    assert (await api.problem("POST", path, {"partner": "sam", "url": URL}, expect=409))[0] == "too_many_calendars"


async def test_another_keys_couple_has_none(api: Api) -> None:
    """What belongs to another key is not there; neither is another couple's calendar."""
    couple_id, others = await api.join(), await api.join()
    made = await api.call("POST", f"/couples/{couple_id}/calendars", {"partner": "sam", "url": URL}, expect=201)
    for call, path in (("GET", ""), ("DELETE", f"/{made['id']}")):
        await api.problem(call, f"/couples/{couple_id}/calendars{path}", expect=404, key=OTHER_KEY)
    wrong = f"/couples/{others}/calendars/{made['id']}"
    assert (await api.problem("DELETE", wrong, expect=404))[0] == "unknown_calendar"
    assert (await api.problem("DELETE", f"/couples/{couple_id}/calendars/*", expect=404))[0] == "unknown_calendar"


async def test_a_proposal_moves_away_from_what_a_calendar_takes(api: Api) -> None:
    """From the address to the date, and nobody is shown what the partner does then: in no call, feed or page."""
    couple_id = await api.join(cadence={"fun": {"windows": [f"{day} 10:00-22:00" for day in DAYS]}})
    before = await api.date(couple_id)
    start = datetime.fromisoformat(before["start"])
    title = ("SUMMARY:Quite private: date night with Luigi", "LOCATION:Luigi's", "ATTENDEE:mailto:luigi@example.org")
    service = calendars.make(api.settings)
    await service.start()
    try:
        async with hosting(calendar(event("luigi@x", start - HOUR, 6, *title))) as host:
            await api.call("POST", f"/couples/{couple_id}/calendars", {"partner": "sam", "url": host.url}, expect=201)
            async with asyncio.timeout(PATIENCE):
                while (after := await api.date(couple_id))["start"] == before["start"]:
                    await asyncio.sleep(0.05)
    finally:
        await service.stop()
    assert after["uid"] == before["uid"]
    assert datetime.fromisoformat(after["start"]) >= start + 5 * HOUR
    couple = await api.call("GET", f"/couples/{couple_id}", expect=200)
    links = [couple["feed_url"], *(one[link] for one in couple["partners"] for link in ("feed_url", "page_url"))]
    shown = [(await api.http.get(urlsplit(link).path)).text for link in links]
    calls = ("", "/status", "/log?limit=500", "/dates", "/calendars")
    shown += [json.dumps(await api.call("GET", f"/couples/{couple_id}{call}", expect=200)) for call in calls]
    assert len(shown) == 10
    for text in shown:
        assert "luigi" not in text.lower()
        assert "private" not in text.lower()
