"""Can a couple change all that is theirs on the page, take it along, and leave; each with its own partner's secrets?"""

import asyncio
import json
from typing import Any

import httpx

from tests.broker.gateway_kit import COUPLE, Gateway, gateway, whole
from threedates.edge.calendars import Calendars
from threedates.edge.endpoints import Endpoints
from threedates.gateway.page.posts import POSTS
from threedates.gateway.page.sections import SECTIONS
from threedates.schemas.log import CalendarSeen, Changed, CheckedIn
from threedates.schemas.webhook import Attempt

OURS = {"sec-fetch-site": "same-origin", "origin": "null"}
PEOPLE = {"name-0": "sam", "name-1": "alex", "tz": "Europe/Berlin", "home": "Europe/Berlin", "from": "", "to": ""}
FUN = {"kind": "fun", "target": "2 weeks", "floor": "1 month", "length": "2 hours", "lead": "4"}
RHYTHM = {"planning_hour": "17:30", "check_in": "", "per_week": "", "min_gap": "", "week_starts": "sunday"}


async def post(here: Gateway, what: str, fields: dict[str, Any], by: int = 0) -> httpx.Response:
    answer = await here.http.post(f"{here.page(by)}/{what}", data=fields, headers=OURS)
    await here.taken_in()
    return answer


async def saved(here: Gateway, what: str, fields: dict[str, Any], by: int = 0) -> None:
    """The form is taken, and the page shows the new values."""
    answer = await post(here, what, fields, by)
    assert answer.status_code == 303, answer.text
    assert (await here.http.get(f"{here.page(by)}/settings")).status_code == 200


async def test_names_zones_and_quiet_hours(nats_url: str, prefix: str) -> None:
    """The other's zone, quiet hours and address stay as they are."""
    async with whole(nats_url, prefix) as here:
        await here.join(partners=[{"name": "sam", "tz": "Europe/Berlin"}, {"name": "alex", "email": "alex@x.example"}])
        new = {**PEOPLE, "name-0": "Zoë", "tz": "Asia/Kathmandu", "from": "21:30", "to": "07:00"}
        await saved(here, "people", new)
        settings = (await here.state()).settings
        me, other = settings.partners
        assert (me.name, me.tz, settings.tz) == ("Zoë", "Asia/Kathmandu", "Europe/Berlin")
        assert me.quiet is not None
        assert f"{me.quiet.from_:%H:%M}-{me.quiet.to:%H:%M}" == "21:30-07:00"
        assert (other.name, other.email, other.quiet is not None) == ("alex", "alex@x.example", True)
        mailed = {**PEOPLE, "name-0": "Zoë", "tz": "Europe/Lisbon", "email": "a@y.example", "invites": "mail"}
        await saved(here, "people", mailed, by=1)
        me, other = (await here.state()).settings.partners
        assert (me.quiet is not None, other.quiet, other.tz) == (True, None, "Europe/Lisbon")
        assert (other.email, other.invites) == ("a@y.example", "mail")


async def test_cadence_and_reminders(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await saved(here, "cadence", {**FUN, "windows": "fri 18:00-23:00\r\nsat-sun 12:00-24:00"})
        fun = (await here.state()).settings.cadence.fun
        assert [str(one) for one in (fun.target, fun.floor, fun.length, fun.lead)] == ["P14D", "P1M", "PT2H", "P4D"]
        assert [str(window) for window in fun.windows] == ["fri 18:00-23:00", "sat-sun 12:00-24:00"]
        await saved(here, "rhythm", RHYTHM)
        settings = (await here.state()).settings
        assert (settings.week_starts, settings.check_in, settings.budget.per_week) == ("sunday", None, None)
        await saved(here, "rhythm", {**RHYTHM, "check_in": "20:30", "per_week": "2", "min_gap": "1 day"})
        settings = (await here.state()).settings
        assert (f"{settings.check_in:%H:%M}", settings.budget.per_week, str(settings.budget.min_gap)) == (
            "20:30",
            2,
            "P1D",
        )
        assert len(await here.facts(Changed)) == 3


MISFITS: list[tuple[str, dict[str, Any], str]] = [
    ("people", {**PEOPLE, "tz": "Mars/Olympus"}, "people-tz"),
    ("people", {**PEOPLE, "home": "nowhere"}, "people-home"),
    ("people", {**PEOPLE, "from": "22:00"}, "people-to"),
    ("people", {**PEOPLE, "name-1": "x" * 70}, "people-name-1"),
    ("cadence", {**FUN, "target": "now and then", "windows": "fri 18-23"}, "cadence-fun-target"),
    ("cadence", {**FUN, "windows": "some day"}, "cadence-fun-windows"),
    ("rhythm", {**RHYTHM, "per_week": "many"}, "rhythm-per_week"),
    ("rhythm", {**RHYTHM, "planning_hour": "noon"}, "rhythm-planning_hour"),
    ("rhythm", {**RHYTHM, "min_gap": "a bit"}, "rhythm-min_gap"),
    ("away", {"first": "", "last": ""}, "away-first"),
    ("away", {"first": "2026-12-24", "last": "2026-12-20"}, "away-last"),
    ("leave", {}, "leave-sure"),
]


async def test_what_does_not_fit_is_said_beside_its_field(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        await here.join()
        for what, fields, place in MISFITS:
            answer = await post(here, what, fields)
            assert answer.status_code == 422
            assert f'id="{place}-problem"' in answer.text
        assert not await here.facts(Changed)


async def test_days_away_take_no_date_until_they_are_off_again(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        first = (here.clock.now).date().replace(day=1).replace(year=here.clock.now.year + 1)
        days = {"id": "p-00000000000000aa", "first": f"{first}", "last": f"{first.replace(day=14)}", "who": "me"}
        for _ in range(2):
            await saved(here, "away", days)
        text = (await here.http.get(f"{here.page()}/settings")).text
        assert text.count("Not away<") == 1
        (busy,) = (await here.state()).busy
        assert (busy.partners, (busy.end - busy.start).days) == (("sam",), 14)
        uid = busy.key.partition("/")[2]
        await saved(here, "not-away", {"uid": uid})
        assert [one.is_cancelled for one in (await here.state()).busy] == [True]
        assert (await post(here, "not-away", {"uid": uid})).status_code == 422
        assert len(await here.facts(CalendarSeen)) == 2


async def test_webhooks_are_tested_rotated_and_switched(nats_url: str, prefix: str) -> None:
    """The couple's own; of others nothing can be done here, and no secret but a new one is ever shown."""
    async with gateway(nats_url, prefix) as here:
        await here.join()
        endpoints, names = Endpoints(here.wire), here.wire.names
        mine = await endpoints.create(COUPLE, "https://hooks.example/secret-path", here.clock.now)
        foreign = await endpoints.create("c2", "https://other.example/", here.clock.now)
        attempt = Attempt(
            message_id="m", endpoint_id=mine.id, couple_id=COUPLE, type="nudge.due", attempt=1, at=here.clock.now,
            outcome="retrying", status=503,
        )  # fmt: skip
        await here.wire.publish(names.attempt(COUPLE, mine.id), attempt.model_dump_json().encode())
        text = (await here.http.get(f"{here.page()}/webhooks")).text
        for words, is_shown in (("hooks.example", True), ("(503)", True), ("secret-path", False), (mine.secret, False)):
            assert (words in text) == is_shown
        assert (await post(here, "hook-test", {"endpoint": mine.id})).status_code == 303
        sent = await here.wire.reader.last_of(names.deliveries, [names.deliver(COUPLE, mine.id)])
        assert [json.loads(one.data)["type"] for one in sent] == ["endpoint.test"]
        shown = await post(here, "hook-rotate", {"endpoint": mine.id})
        rotated = await endpoints.get(mine.id)
        assert rotated is not None
        assert rotated.secret != mine.secret
        assert (shown.status_code, rotated.secret in shown.text) == (200, True)
        assert rotated.secret not in (await here.http.get(f"{here.page()}/webhooks")).text
        for state, disabled in (("off", "by_hand"), ("on", None)):
            assert (await post(here, "hook-switch", {"endpoint": mine.id, "state": state})).status_code == 303
            switched = await endpoints.get(mine.id)
            assert switched is not None
            assert switched.disabled == disabled
        for what in ("hook-test", "hook-rotate", "hook-switch"):
            assert (await post(here, what, {"endpoint": foreign.id})).status_code == 422
        assert await endpoints.get(foreign.id) == foreign


async def test_an_export_has_everything_but_what_the_other_told(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        await here.proposed()
        await post(here, "check-in", {"mood": "2", "note": "for sam alone"})
        await post(here, "check-in", {"connection": "1", "note": "for alex alone"}, by=1)
        await saved(here, "people", {**PEOPLE, "name-0": "samuel"})
        for partner, mine, others in ((0, "for sam alone", "for alex alone"), (1, "for alex alone", "for sam alone")):
            answer = await here.http.get(f"{here.page(partner)}/export")
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["cache-control"] == "no-store"
            assert mine in answer.text
            assert others not in answer.text
            lines = [json.loads(line) for line in answer.text.splitlines()]
            told = [line["event"] for line in lines if line["event"]["type"] == "checkin.reported"]
            assert ["note" in one for one in told] == [partner == 0, partner == 1]
            assert [{"mood", "connection"} & one.keys() != set() for one in told] == [partner == 0, partner == 1]
            assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
        assert len(await here.facts(CheckedIn)) == 2


async def test_leaving_erases_both_and_says_so(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        feed, *_ = await here.join()
        await here.proposed()
        page = (await here.http.get(f"{here.page(1)}/leave")).text
        assert "both of you" in page
        answer = await post(here, "leave", {"sure": "yes"}, by=1)
        assert (answer.status_code, "You have left" in answer.text) == (200, True)
        async with asyncio.timeout(30):
            while (await here.http.get(here.page(0))).status_code != 404:
                await asyncio.sleep(0.05)
        assert (await here.http.get(here.page(1))).status_code == 404
        assert (await here.http.get(here.path(feed))).status_code in (404, 410)
        assert (await post(here, "leave", {"sure": "yes"})).status_code == 404


async def test_a_partners_own_calendar_is_added_and_removed(nats_url: str, prefix: str) -> None:
    """Its address is never shown again, and the other's page knows nothing of it."""
    async with gateway(nats_url, prefix) as here:
        await here.join()
        added = {"id": "p-00000000000000bb", "url": "webcal://calendar.example/private-token/basic.ics"}
        for _ in range(2):
            assert (await post(here, "calendar-add", added)).status_code == 303
        (record,) = await Calendars(here.wire).of_couple(COUPLE)
        assert (record.partner, record.url.partition(":")[0], record.shared) == (0, "https", False)
        mine, theirs = [(await here.http.get(f"{here.page(by)}/calendar")).text for by in (0, 1)]
        assert ("calendar.example" in mine, "private-token" in mine) == (True, False)
        assert "calendar.example" not in theirs
        for url in ("", "ftp://x.example/a.ics", "http://10.0.0.1/a.ics", "not an address"):
            refused = await post(here, "calendar-add", {"url": url})
            assert (refused.status_code, 'id="calendar-add-url-problem"' in refused.text) == (422, True)
        await post(here, "calendar-remove", {"calendar": record.id}, by=1)
        assert len(await Calendars(here.wire).of_couple(COUPLE)) == 1
        assert (await post(here, "calendar-remove", {"calendar": record.id})).status_code == 303
        assert await Calendars(here.wire).of_couple(COUPLE) == []


FIELDS = (
    *("note", "mood", "talk", "stress", "did", "together_minutes", "uid", "answer", "start", "kind", "until", "id"),
    *("name-0", "name-1", "tz", "home", "from", "to", "email", "invites", "target", "floor", "length", "lead"),
    *("windows", "planning_hour", "check_in", "per_week", "min_gap", "week_starts", "first", "last", "who", "back"),
    *("scope", "kinds", "detail", "feed", "endpoint", "url", "calendar", "sure"),
)
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}'"


async def test_whatever_is_typed_comes_back_as_text(nats_url: str, prefix: str) -> None:
    """Script in every field of every form, taken or refused, and on every page afterwards."""
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        names = {**PEOPLE, "name-0": "<script>x</script>", "name-1": "\"'><b>"}
        silent = ("pause", "resume", "address")  # they take no text, and would change what the others meet
        tries = [(what, dict.fromkeys(FIELDS, HOSTILE)) for what in POSTS if what not in silent]
        tries += [("check-in", {"mood": "3", "note": HOSTILE}), ("people", names)]
        tries += [("answer", {"uid": uid, "answer": "move", "start": HOSTILE})]
        tries += [("cadence", {**FUN, "windows": HOSTILE})]
        for what, typed in tries:
            text = (await post(here, what, typed)).text
            assert "<script" not in text
            assert "<img" not in text
        for section in SECTIONS:
            text = (await here.http.get(f"{here.page()}/{section}?done={HOSTILE}&before={HOSTILE}")).text
            assert "<script" not in text
            assert "<img" not in text


async def test_another_couples_address_opens_nothing_of_this_one(nats_url: str, prefix: str) -> None:
    """Nor does a token with another partner's number, a feed's token, or an action's."""
    async with gateway(nats_url, prefix) as here:
        feed, *_ = await here.join()
        await here.join("c2", partners=[{"name": "kim", "tz": "Europe/Berlin"}, {"name": "robin"}])
        couple_id, partner, generation, mac = here.page().removeprefix("/c/").split(".")
        forged = [
            f"c2.{partner}.{generation}.{mac}",
            f"{couple_id}.1.{generation}.{mac}",
            f"{couple_id}.{partner}.2.{mac}",
            f"{couple_id}.{partner}.{generation}.{mac[:-1]}",
            here.path(feed).removeprefix("/feeds/").removesuffix(".ics"),
            here.action("held", None).removeprefix("/a/"),
        ]
        for token in forged:
            for section in ("", "/year", "/export", "/settings"):
                assert (await here.http.get(f"/c/{token}{section}")).status_code == 404
            assert (await here.http.post(f"/c/{token}/leave", data={"sure": "yes"}, headers=OURS)).status_code == 404
