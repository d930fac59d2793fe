"""Does the whole path work over HTTP: join, be proposed a date, accept it, hold it, and see the next cycle begin?"""

import asyncio
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from tests.broker.api_kit import ONE_LOOP, Api

pytestmark = ONE_LOOP


async def test_a_couple_joins_accepts_a_date_and_holds_it(api: Api) -> None:
    couple = f"/couples/{await api.join(external_id='ours-1')}"
    before = await api.call("GET", f"{couple}/status", expect=200)
    assert {kind: status["date"]["status"] for kind, status in before["kinds"].items()} == {
        "fun": "proposed",
        "business": "proposed",
        "emotional": "proposed",
    }
    uid = before["kinds"]["fun"]["date"]["uid"]
    accepted = await api.call("POST", f"{couple}/dates/{uid}/accept?wait=10", {"by": "sam"}, expect=200)
    assert accepted["status"]["kinds"]["fun"]["date"]["status"] == "scheduled"
    coming = [datetime.fromisoformat(one["at"]) for one in accepted["status"]["coming"]]
    assert len(coming) == 5
    assert datetime.fromisoformat(accepted["status"]["as_of"]) < min(coming)
    held = await api.call("POST", f"{couple}/dates/{uid}/held?wait=10", {"by": "alex"}, expect=200)
    fun = held["status"]["kinds"]["fun"]
    assert fun["last_held"] is not None
    assert (before["kinds"]["fun"]["planner"], fun["planner"]) == ("sam", "alex")
    events = await api.log(couple.rpartition("/")[2])
    assert [event["type"] for event in events if event["type"] != "decision"] == [
        "couple.joined",
        "date.answered",
        "date.answered",
    ]


async def test_a_couple_is_shown_with_every_default_and_its_links(api: Api) -> None:
    """Durations, windows and clock times are written as they may be sent back."""
    couple_id = await api.join(tz="Europe/Berlin")
    found = await api.call("GET", f"/couples/{couple_id}", expect=200)
    assert found["cadence"]["fun"]["windows"] == ["fri 18:00-23:00", "sat-sun 12:00-23:00"]
    assert found["budget"] == {"per_week": 3, "min_gap": "PT20H"}
    assert found["partners"][1]["quiet"] == {"from": "22:00", "to": "07:30"}
    sam = found["partners"][0]
    assert f"/feeds/{couple_id}_partner-a.1." in sam["feed_url"]
    assert f"/c/{couple_id}.0.1." in sam["page_url"]
    feed = await api.http.get(found["feed_url"])
    assert feed.status_code == 200
    assert feed.text.startswith("BEGIN:VCALENDAR")


async def test_a_date_can_be_moved_declined_skipped_and_cancelled(api: Api) -> None:
    couple_id = await api.join()
    couple = f"/couples/{couple_id}"
    start = (datetime.now(UTC) + timedelta(days=5)).replace(microsecond=0)  # noqa: TID251  # the services run on it
    fun, business, emotional = [await api.date(couple_id, kind) for kind in ("fun", "business", "emotional")]
    move = {"by": "sam", "start": start.isoformat()}
    await api.call("POST", f"{couple}/dates/{fun['uid']}/move?wait=10", move, expect=200)
    moved = await api.date(couple_id, "fun")
    assert (moved["uid"], datetime.fromisoformat(moved["start"])) == (fun["uid"], start)
    await api.call("POST", f"{couple}/dates/{business['uid']}/decline?wait=10", {"by": "alex"}, expect=200)
    assert (await api.date(couple_id, "business"))["start"] > business["start"]
    await api.call("POST", f"{couple}/dates/{emotional['uid']}/skip?wait=10", {"by": "alex"}, expect=200)
    await api.call("POST", f"{couple}/dates/{fun['uid']}/cancel?wait=10", {"by": "alex"}, expect=200)
    found = await api.call("GET", f"{couple}/dates", expect=200)
    statuses = {date["uid"]: date["status"] for date in found["items"]}
    assert statuses[emotional["uid"]] == "skipped"
    assert statuses[fun["uid"]] == "cancelled"
    assert await api.problem("POST", f"{couple}/dates/{fun['uid']}/accept", {"by": "sam"}, expect=409) == (
        "date_closed",
        "answer",
    )


async def test_a_date_arranged_elsewhere_is_booked(api: Api) -> None:
    """Who does not say who arranged it is taken for whoever's turn it was."""
    couple_id = await api.join()
    now = datetime.now(UTC)  # noqa: TID251  # the services run on it
    body = {
        "kind": "business",
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": now.isoformat(),
        "status": "held",
    }
    answer = await api.call("POST", f"/couples/{couple_id}/dates?wait=10", body, expect=200)
    assert answer["status"]["kinds"]["business"]["last_held"] is not None
    booked = next(event for event in await api.log(couple_id) if event["type"] == "date.booked")
    assert booked["by"] == "alex"


async def test_reminders_are_snoozed_paused_and_resumed(api: Api) -> None:
    couple = f"/couples/{await api.join()}"
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat()  # noqa: TID251  # the services run on it
    snoozed = await api.call(
        "POST", f"{couple}/snooze?wait=10", {"by": "sam", "kind": "fun", "until": until}, expect=200
    )
    assert "snooze" in {because["rule"] for because in snoozed["status"]["kinds"]["fun"]["because"]}
    paused = await api.call("POST", f"{couple}/pause?wait=10", {"by": "alex"}, expect=200)
    assert paused["status"]["paused"]
    assert {kind["state"] for kind in paused["status"]["kinds"].values()} == {"paused"}
    resumed = await api.call("POST", f"{couple}/resume?wait=10", {"by": "sam"}, expect=200)
    assert not resumed["status"]["paused"]


async def test_settings_are_changed_by_a_merge_patch(api: Api) -> None:
    """What is not named stays; null is a value."""
    couple = f"/couples/{await api.join()}"
    patch = {"cadence": {"fun": {"target": "P14D"}}, "budget": {"per_week": None}}
    await api.call("PATCH", f"{couple}?wait=10", patch, expect=200)
    found = await api.call("GET", couple, expect=200)
    assert (found["cadence"]["fun"]["target"], found["cadence"]["fun"]["floor"]) == ("P14D", "P30D")
    assert found["budget"] == {"per_week": None, "min_gap": "PT20H"}


async def test_an_invite_is_the_date_as_icalendar(api: Api) -> None:
    couple_id = await api.join()
    date = await api.date(couple_id)
    path = f"/v1/couples/{couple_id}/dates/{date['uid']}.ics"
    headers = {"Authorization": "Bearer key-of-one-app"}
    async with asyncio.timeout(60):
        while (answer := await api.http.get(path, headers=headers)).status_code == 503:
            await asyncio.sleep(0.02)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["UID"]) == date["uid"]
    assert (await api.problem("GET", f"/couples/{couple_id}/dates/other@x.ics", expect=404))[0] == "unknown_date"


async def test_a_couple_that_leaves_is_gone(api: Api) -> None:
    couple_id = await api.join()
    made = await api.call("GET", f"/couples/{couple_id}", expect=200)
    assert await api.call("DELETE", f"/couples/{couple_id}?wait=10", expect=204) is None
    assert (await api.problem("GET", f"/couples/{couple_id}", expect=404))[0] == "unknown_couple"
    assert (await api.http.get(made["feed_url"])).status_code in (404, 410)
