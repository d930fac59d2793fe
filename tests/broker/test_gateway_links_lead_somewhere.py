"""Does every link that a couple or a receiver is given lead to something that works?"""

from datetime import timedelta

from tests.broker.api_kit import ONE_LOOP, Api
from threedates.core.links import action_links
from threedates.edge.clock import system_clock

pytestmark = ONE_LOOP


async def test_feeds_and_pages_open(api: Api) -> None:
    couple_id = await api.join()
    made = await api.call("GET", f"/couples/{couple_id}", expect=200)
    for url in (made["feed_url"], *(partner["feed_url"] for partner in made["partners"])):
        answer = await api.http.get(url)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    for partner in made["partners"]:
        answer = await api.http.get(partner["page_url"])
        assert answer.status_code == 200
        assert partner["name"] in answer.text
        assert answer.headers["content-type"].startswith("text/html")


async def test_an_action_link_acts_when_posted_and_not_before(api: Api) -> None:
    couple_id = await api.join()
    date = await api.date(couple_id)
    expires = system_clock() + timedelta(days=1)
    base_url = str(api.http.base_url)
    links = action_links(api.settings.link_key, base_url, couple_id, 0, "fun", date["uid"], expires)
    assert links.accept is not None
    assert (await api.http.get(links.accept)).status_code == 200
    assert (await api.date(couple_id))["status"] == "proposed"
    assert (await api.http.post(links.accept)).status_code == 200
    assert (await api.date(couple_id))["status"] == "scheduled"
