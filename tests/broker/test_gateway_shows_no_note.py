"""A note is its author's alone: does any view show it? And can a long log be read page by page?"""

from typing import Any

from tests.broker.api_kit import KEY, ONE_LOOP, Api

pytestmark = ONE_LOOP
NOTE = "Nobody else may ever read this."


async def test_no_view_shows_a_note(api: Api) -> None:
    couple_id = await api.join()
    couple = f"/couples/{couple_id}"
    body = {"partner": "sam", "mood": 3, "conflict": True, "note": NOTE}
    answer = await api.call("POST", f"{couple}/check-ins?wait=10", body, expect=200)
    stored = await api.wire.reader.tail(api.wire.names.log, api.wire.names.fact(couple_id), 1)
    assert any(NOTE.encode() in event.data for event in stored)
    texts = [str(answer)]
    for view in ("", "/status", "/log", "/dates", "/feeds", "/endpoints"):
        texts.append((await api.http.get(f"/v1{couple}{view}", headers={"Authorization": f"Bearer {KEY}"})).text)
    assert not any(NOTE in text for text in texts)
    reported = next(event for event in await api.log(couple_id) if event["type"] == "checkin.reported")
    assert (reported["partner"], reported["mood"]) == ("sam", 3)
    assert "note" not in reported


async def test_the_log_is_read_page_by_page(api: Api) -> None:
    couple_id = await api.join()
    for mood in (1, 2, 3, 4, 5):
        await api.call("POST", f"/couples/{couple_id}/check-ins?wait=10", {"partner": "sam", "mood": mood}, expect=200)
    whole = await api.call("GET", f"/couples/{couple_id}/log", expect=200)
    assert whole["next"] is None
    paged: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await api.call("GET", f"/couples/{couple_id}/log?limit=2&after={after}", expect=200)
        assert len(page["items"]) <= 2
        paged += page["items"]
        after = page["next"]
    assert paged == whole["items"]
    assert [item["event"]["mood"] for item in paged if item["event"]["type"] == "checkin.reported"] == [1, 2, 3, 4, 5]
