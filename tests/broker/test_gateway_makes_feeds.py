"""Can further feeds be made as people want them, once each, and do they show just that?"""

import asyncio

from icalendar import Calendar

from tests.broker.api_kit import ONE_LOOP, OTHER_KEY, Api

pytestmark = ONE_LOOP


async def feed(api: Api, url: str) -> str:
    answer = await api.http.get(url)
    assert answer.status_code == 200
    return answer.text.replace("\r\n ", "")


async def filled(api: Api, url: str, count: int) -> str:
    """A feed once it shows that many dates."""
    async with asyncio.timeout(60):
        while (text := await feed(api, url)).count("BEGIN:VEVENT") < count:
            await asyncio.sleep(0.05)
    return text


async def test_a_feed_of_some_kinds_and_times_alone(api: Api) -> None:
    couple_id = await api.join()
    body = {"kinds": ["emotional", "fun", "fun"], "detail": "busy"}
    made = await api.call("POST", f"/couples/{couple_id}/feeds", body, expect=201)
    assert (made["scope"], made["partner"], made["kinds"]) == ("couple", None, ["fun", "emotional"])
    assert (made["detail"], made["alarms"], made["last_fetch"]) == ("busy", False, None)
    text = await filled(api, made["url"], 2)
    assert {str(event["SUMMARY"]) for event in Calendar.from_ical(text).walk("VEVENT")} == {"Busy"}
    listed = (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"]
    assert len(listed) == 4
    assert {**listed[3], "last_fetch": None} == made


async def test_a_partners_feed_with_alarms(api: Api) -> None:
    """Named in any letter case; alarms ring only for dates that stand."""
    couple_id = await api.join()
    date = await api.date(couple_id, "fun")
    await api.call("POST", f"/couples/{couple_id}/dates/{date['uid']}/accept?wait=5", {"by": "sam"}, expect=200)
    made = await api.call("POST", f"/couples/{couple_id}/feeds", {"partner": "ALEX", "alarms": True}, expect=201)
    assert (made["scope"], made["partner"], made["alarms"]) == ("partner", "alex", True)
    async with asyncio.timeout(60):
        while "BEGIN:VALARM" not in (text := await filled(api, made["url"], 3)):
            await asyncio.sleep(0.05)
    assert text.count("BEGIN:VALARM") == text.count("STATUS:CONFIRMED") == 1


async def test_partners_feeds_have_links_to_answer_by_and_the_couples_has_none(api: Api) -> None:
    """A link is one partner's; whoever reads the couple's feed must not answer in anybody's name."""
    couple_id = await api.join()
    couple, sam, _ = (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"]
    assert "/a/" not in await filled(api, couple["url"], 3)
    text = await filled(api, sam["url"], 3)
    assert "/c/" not in text
    (fun,) = (event for event in Calendar.from_ical(text).walk("VEVENT") if "-fun-" in str(event["UID"]))
    idea, _, asked = str(fun["DESCRIPTION"]).partition("\n\n")
    assert idea
    labels = [line.partition(": ")[0] for line in asked.splitlines()]
    assert labels == ["Yes, let’s", "Another time", "Let it go"]
    shown = await api.http.get(asked.splitlines()[0].partition(": ")[2])
    assert shown.status_code == 200
    assert "sam, this sets the date for you and alex" in shown.text


async def test_the_last_fetch_is_shown(api: Api) -> None:
    couple_id = await api.join()
    url = (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"][0]["url"]
    await api.http.get(url, headers={"user-agent": "Apple-Calendar/1"})
    async with asyncio.timeout(60):
        while (
            found := (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"][0]["last_fetch"]
        ) is None:
            await asyncio.sleep(0.02)
    assert found["user_agent"] == "Apple-Calendar/1"


async def test_the_same_key_makes_one_feed(api: Api) -> None:
    couple_id = await api.join()
    path = f"/couples/{couple_id}/feeds"
    first = await api.call("POST", path, {"kinds": ["fun"]}, expect=201, Idempotency_Key="once")
    again = await api.call("POST", path, {"kinds": ["fun"]}, expect=201, Idempotency_Key="once")
    other = await api.call("POST", path, {"kinds": ["fun"]}, expect=201, Idempotency_Key="twice")
    assert first == again
    assert other["id"] != first["id"]


async def test_what_does_not_fit_is_refused(api: Api) -> None:
    couple_id = await api.join()
    path = f"/couples/{couple_id}/feeds"
    for body, code, field in (
        ({"partner": "kim"}, "unknown_partner", "partner"),
        ({"scope": "partner"}, "invalid", "partner"),
        ({"scope": "couple", "partner": "sam"}, "invalid", "partner"),
        ({"kinds": []}, "invalid", "kinds"),
        ({"kinds": ["party"]}, "invalid", "kinds.0"),
        ({"detail": "none"}, "invalid", "detail"),
    ):
        assert await api.problem("POST", path, body, expect=422) == (code, field)
    assert (await api.problem("POST", path, {}, expect=404, key=OTHER_KEY))[0] == "unknown_couple"


async def test_there_may_be_twenty(api: Api) -> None:
    couple_id = await api.join()
    path = f"/couples/{couple_id}/feeds"
    made = [await api.call("POST", path, {}, expect=201) for _ in range(17)]
    assert (await api.problem("POST", path, {}, expect=409))[0] == "too_many_feeds"
    await api.call("DELETE", f"/feeds/{made[0]['id']}", expect=204)
    await api.call("POST", path, {}, expect=201)


async def test_a_partners_page_tells_feeds_apart(api: Api) -> None:
    """Several of one scope would else all be called the same."""
    couple_id = await api.join()
    path = f"/couples/{couple_id}/feeds"
    await api.call("POST", path, {"kinds": ["fun", "business"], "detail": "busy"}, expect=201)
    await api.call("POST", path, {"partner": "alex", "alarms": True}, expect=201)
    sam, alex = (await api.call("GET", f"/couples/{couple_id}", expect=200))["partners"]
    page = (await api.http.get(f"{sam['page_url']}/calendar")).text
    assert "For both of you: fun dates, business dates, times only" in page
    assert "with alarms" not in page
    assert "For you alone: with alarms" in (await api.http.get(f"{alex['page_url']}/calendar")).text


async def test_what_is_due_stands_in_each_feed_but_times_alone(api: Api) -> None:
    """With a target of seconds all kinds come due at once; nobody has an endpoint."""
    soon = {"target": "PT2S", "floor": "PT1H"}
    couple_id = await api.join(cadence={"fun": soon, "business": soon, "emotional": soon})
    path = f"/couples/{couple_id}/feeds"
    busy = await api.call("POST", path, {"detail": "busy"}, expect=201)
    fun = await api.call("POST", path, {"partner": "sam", "kinds": ["fun"]}, expect=201)
    async with asyncio.timeout(60):
        while "Time to plan" not in (text := await feed(api, fun["url"])):
            await asyncio.sleep(0.1)
    assert text.count("SUMMARY:Time to plan a fun date") == text.count("Time to plan") == 1
    assert "We just had one: http" in text
    assert "Time to plan" not in await feed(api, busy["url"])


async def test_feeds_carry_the_headers_of_every_answer(api: Api) -> None:
    """They go past the framework; a 304 repeats only what a cache has to know (RFC 9110 §15.4.5)."""
    couple_id = await api.join()
    url = (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"][0]["url"]
    answer = await api.http.get(url)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private"
    known = await api.http.get(url, headers={"if-none-match": answer.headers["etag"]})
    assert known.status_code == 304
    assert set(known.headers) == {"date", "etag", "last-modified", "cache-control", "vary"}
    missing = await api.http.get(f"{url}x")
    assert (missing.status_code, missing.headers["referrer-policy"]) == (404, "no-referrer")
