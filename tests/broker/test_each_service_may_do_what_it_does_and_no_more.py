"""Does the whole path work where every service is a user of its own, and is each refused what is not its own?

A real server, with the users that ``threedates deploy nats-config`` makes.
"""

import asyncio
from pathlib import Path

import pytest

from tests.broker.api_kit import KEY, Api
from tests.broker.calendars_kit import holding, hosting
from tests.broker.nudges_kit import Receiver, receiving
from tests.broker.users_kit import installation, running, until_said
from threedates.edge.couplelog import CoupleLog
from threedates.edge.permissions import OPERATOR
from threedates.edge.topology import apply

AWAKE = [{"name": "sam", "tz": "Europe/Berlin", "quiet": None}, {"name": "alex", "quiet": None}]
SOON = {"target": "P7D", "lead": "P8D"}


@pytest.mark.parametrize("far_apart", [False, True])
async def test_the_whole_path_works_and_nothing_is_refused_on_it(
    tmp_path: Path, far_apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Join, decision, invite, nudge, feed, replay, a polled calendar, a dead letter, leave: by services with seeds.

    And the same as it is among very many couples, where every log is read by its trail.
    """
    if far_apart:
        monkeypatch.setattr(CoupleLog, "is_far", lambda _, ends, seq: ends.last > seq)
    async with installation(tmp_path) as here, receiving() as receiver, here.api() as api:
        couple = await _nudged(api, receiver)
        feed = await _read(api, couple)
        await _polled(api, couple)
        await _gone(api, couple)
        await api.call("DELETE", f"/couples/{couple}", expect=202)
        async with asyncio.timeout(30):
            while (await api.http.get(feed)).status_code == 200:
                await asyncio.sleep(0.05)
        assert here.violations == []


async def _nudged(api: Api, receiver: Receiver) -> str:
    """A couple that joins is nudged; the endpoint is tested, and the nudge sent again."""
    endpoint = await api.call("POST", "/endpoints", {"url": receiver.url, "types": ["nudge.*"]}, expect=201)
    couple = await api.join(
        partners=AWAKE, tz="Europe/Berlin", cadence={"fun": SOON}, budget={"per_week": None, "min_gap": "PT0S"}
    )
    await receiver.got(1)
    await api.call("POST", f"/endpoints/{endpoint['id']}/test", expect=202)
    await receiver.got(2)
    await api.call("POST", f"/endpoints/{endpoint['id']}/replay", {"message_id": receiver.ids[0]}, expect=202)
    await receiver.got(3)
    return couple


async def _read(api: Api, couple: str) -> str:
    """Everything that is read: an invite, the feed, whose address is returned, and the metrics."""
    check_in = {"partner": "sam", "connection": 2, "note": "private"}
    await api.call("POST", f"/couples/{couple}/check-ins?wait=5", check_in, expect=200)
    key = {"Authorization": f"Bearer {KEY}"}
    date = await api.date(couple)
    assert (await api.http.get(f"/v1/couples/{couple}/dates/{date['uid']}.ics", headers=key)).status_code == 200
    feed: str = (await api.call("GET", f"/couples/{couple}", expect=200))["feed_url"]
    assert "BEGIN:VEVENT" in (await api.http.get(feed)).text
    assert "threedates_heartbeat_up 1.0" in (await api.http.get("/metrics", headers=key)).text
    return feed


async def _polled(api: Api, couple: str) -> None:
    """A partner's calendar is read, and removed again."""
    async with hosting(holding(2, 3)) as host:
        added = await api.call("POST", f"/couples/{couple}/calendars", {"partner": "sam", "url": host.url}, expect=201)
        async with asyncio.timeout(30):
            while (await api.call("GET", f"/couples/{couple}/calendars", expect=200))["items"][0]["last_fetch"] is None:
                await asyncio.sleep(0.05)
        await api.call("DELETE", f"/couples/{couple}/calendars/{added['id']}", expect=204)


async def _gone(api: Api, couple: str) -> None:
    """An endpoint that is gone: a dead letter, and it is disabled."""
    async with receiving(410) as gone:
        endpoint = await api.call("POST", f"/couples/{couple}/endpoints", {"url": gone.url}, expect=201)
        date = await api.date(couple)
        await api.call("POST", f"/couples/{couple}/dates/{date['uid']}/accept?wait=5", {"by": "alex"}, expect=200)
        async with asyncio.timeout(30):
            while (await api.call("GET", f"/endpoints/{endpoint['id']}", expect=200))["disabled"] != "gone":
                await asyncio.sleep(0.05)


async def test_a_service_whose_seed_is_replaced_ends_and_says_why(tmp_path: Path) -> None:
    """It could wait for ever; instead its process ends, and is started again with the seed that is good now."""
    async with installation(tmp_path) as here:
        async with here.wire(OPERATOR) as wire:
            await apply(wire, here.settings(OPERATOR))
        process = await running("serve", "intake", **here.env("intake"))
        await until_said(process, "intake: at work")
        here.rotate("intake")
        said, _ = await process.communicate()
        assert process.returncode == 1
        assert "THREEDATES_NATS_NKEY" in said.decode()
        again = await running("serve", "intake", **here.env("intake"))
        await until_said(again, "intake: at work")
        again.terminate()
        await again.communicate()
        assert again.returncode == 0
