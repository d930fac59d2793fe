"""Do a couple's status and page say which of their endpoints nothing gets through to?"""

from typing import Any

from tests.broker.api_kit import KEY, ONE_LOOP, Api
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints

pytestmark = ONE_LOOP


async def test_the_status_and_the_page_name_a_failing_endpoint_and_no_other(api: Api) -> None:
    """The status by its id, the page by its host alone."""
    couple_id = await api.join()
    path = f"/couples/{couple_id}/endpoints"
    made: list[dict[str, Any]] = [
        await api.call("POST", path, {"url": f"https://{host}.example.org/hook/a-credential"}, expect=201)
        for host in ("well", "failing")
    ]
    now = system_clock()
    failing = await Endpoints(api.wire).change(made[1]["id"], lambda old: old.model_copy(update={"failing_since": now}))
    assert failing is not None
    status = await api.call("GET", f"/couples/{couple_id}/status", expect=200)
    mine = [one for one in status["endpoints"] if one["id"].startswith(couple_id)]
    assert [one["id"] for one in mine] == [failing.id]
    assert mine[0]["failing_since"] is not None
    couple = await api.call("GET", f"/couples/{couple_id}", expect=200)
    page = (await api.http.get(couple["partners"][0]["page_url"])).text
    assert "failing.example.org" in page
    assert "well.example.org" not in page
    assert "a-credential" not in page
    asked = f"/v1/couples/{couple_id}/pause?wait=10"
    answer = await api.http.post(asked, json={"by": "sam"}, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code in (200, 202)  # whether the look came within the wait
    again = answer.json()["status"]["endpoints"]
    assert [one["id"] for one in again if one["id"].startswith(couple_id)] == [failing.id]
