"""Does a page's old address end at once when its partner asks for another one, and nobody else's with it?"""

import asyncio
from typing import Any

import httpx

from tests.broker.api_kit import ONE_LOOP, Api
from tests.broker.gateway_kit import Gateway, whole
from threedates.schemas.log import IdeaAsked, PageRotated

OURS = {"sec-fetch-site": "same-origin", "origin": "null"}
pytestmark = ONE_LOOP


async def post(here: Gateway, path: str, **fields: Any) -> httpx.Response:
    answer = await here.http.post(path, data=fields, headers=OURS)
    await here.taken_in()
    return answer


async def test_the_old_address_says_that_it_has_ended(nats_url: str, prefix: str) -> None:
    """For reading and for posting; the other partner's page and all feeds stay where they are."""
    async with whole(nats_url, prefix) as here:
        feed, *_ = await here.join()
        await here.proposed()
        old = here.page()
        answer = await post(here, f"{old}/address", id="p-0123456789abcdef")
        assert answer.status_code == 303
        new = here.page(generation=2)
        assert "new address" in (await here.http.get(f"{new}/settings?done=moved")).text
        for gone in (await here.http.get(old), await post(here, f"{old}/check-in", mood="3")):
            assert gone.status_code == 410
            assert "has moved" in gone.text
        assert (await here.http.get(here.page(1))).status_code == 200
        assert (await here.http.get(here.path(feed))).status_code == 200
        (fact,) = await here.facts(PageRotated)
        assert fact.by == "sam"


async def test_another_idea_is_offered_on_the_page(nats_url: str, prefix: str) -> None:
    async with whole(nats_url, prefix) as here:
        await here.join()
        uid = await here.proposed()
        before = (await here.state()).dates[uid].record
        assert before.idea.split(",")[0].split("’")[0] in (await here.http.get(f"{here.page()}/dates")).text
        assert (await post(here, f"{here.page()}/idea", uid=uid)).status_code == 303
        async with asyncio.timeout(30):
            while (after := (await here.state()).dates[uid].record).sequence == before.sequence:
                await asyncio.sleep(0.02)
        assert (after.status, after.start, after.idea_id != before.idea_id) == ("proposed", before.start, True)
        assert len(await here.facts(IdeaAsked)) == 1
        refused = await post(here, f"{here.page()}/idea", uid="nobody's")
        assert (refused.status_code, "changed meanwhile" in refused.text) == (422, True)


async def test_both_can_be_asked_for_over_the_api(api: Api) -> None:
    couple_id = await api.join()
    sam, alex = (one["page_url"] for one in (await api.call("GET", f"/couples/{couple_id}", expect=200))["partners"])
    await api.call("POST", f"/couples/{couple_id}/rotate-page?wait=10", {"by": "alex"}, expect=200)
    partners = (await api.call("GET", f"/couples/{couple_id}", expect=200))["partners"]
    assert partners[0]["page_url"] == sam
    assert partners[1]["page_url"] != alex
    assert (await api.http.get(alex)).status_code == 410
    assert (await api.http.get(partners[1]["page_url"])).status_code == 200
    uid = (await api.date(couple_id))["uid"]
    path = f"/couples/{couple_id}/dates/{uid}"
    await api.call("POST", f"{path}/another-idea?wait=10", {"by": "sam"}, expect=200)
    await api.call("POST", f"{path}/skip?wait=10", {"by": "sam"}, expect=200)
    assert await api.problem("POST", f"{path}/another-idea", {"by": "sam"}, expect=409) == ("date_closed", "uid")
