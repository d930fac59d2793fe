"""Is sending again always safe: the same answer, and nothing happens twice?"""

import asyncio

from tests.broker.api_kit import ONE_LOOP, OTHER_KEY, PARTNERS, Api

pytestmark = ONE_LOOP


async def test_joining_again_with_the_same_key_joins_nobody_else(api: Api) -> None:
    """Also when both calls are under way at once."""
    body = {"partners": PARTNERS}
    calls = [api.call("POST", "/couples", body, expect=201, Idempotency_Key="ours") for _ in range(3)]
    first, *others = await asyncio.gather(*calls)
    assert others == [first, first]
    assert await api.call("POST", "/couples", body, expect=201, Idempotency_Key="ours") == first
    assert (await api.call("POST", "/couples", body, expect=201, Idempotency_Key="theirs"))["id"] != first["id"]
    assert (await api.call("POST", "/couples", body, expect=201))["id"] != first["id"]


async def test_the_same_idempotency_key_of_another_app_is_another(api: Api) -> None:
    """Else one app could find the other's couples."""
    body = {"partners": PARTNERS}
    mine = await api.call("POST", "/couples", body, expect=201, Idempotency_Key="1")
    theirs = await api.call("POST", "/couples", body, expect=201, Idempotency_Key="1", key=OTHER_KEY)
    assert mine["id"] != theirs["id"]


async def test_a_couple_that_left_does_not_come_back_by_a_repeat(api: Api) -> None:
    made = await api.call("POST", "/couples", {"partners": PARTNERS}, expect=201, Idempotency_Key="gone")
    await api.call("DELETE", f"/couples/{made['id']}?wait=10", expect=204)
    found = await api.problem("POST", "/couples", {"partners": PARTNERS}, expect=409, Idempotency_Key="gone")
    assert found[0] == "couple_left"


async def test_an_answer_sent_again_is_answered_as_before(api: Api) -> None:
    """By then the date is scheduled and would take no other accept."""
    couple_id = await api.join()
    path = f"/couples/{couple_id}/dates/{(await api.date(couple_id))['uid']}/accept"
    body = {"by": "sam", "id": "answer-1"}
    first = await api.call("POST", f"{path}?wait=10", body, expect=200)
    again = await api.call("POST", f"{path}?wait=10", body, expect=200)
    assert first["id"] == again["id"] == "answer-1"
    assert await api.call("POST", path, body, expect=202) == {"id": "answer-1"}
    assert await api.problem("POST", path, {"by": "sam"}, expect=409) == ("date_closed", "answer")
    assert len([event for event in await api.log(couple_id) if event["type"] == "date.answered"]) == 1


async def test_an_idempotency_key_stands_for_an_id(api: Api) -> None:
    couple_id = await api.join()
    path, body = f"/couples/{couple_id}/check-ins", {"partner": "sam", "mood": 3}
    first = await api.call("POST", f"{path}?wait=10", body, expect=200, Idempotency_Key="evening")
    again = await api.call("POST", path, body, expect=202, Idempotency_Key="evening")
    other = await api.call("POST", f"{path}?wait=10", body, expect=200, Idempotency_Key="morning")
    assert first["id"] == again["id"] != other["id"]
    reported = [event["id"] for event in await api.log(couple_id) if event["type"] == "checkin.reported"]
    assert reported == [first["id"], other["id"]]


async def test_an_endpoint_is_made_once_for_an_idempotency_key(api: Api) -> None:
    """Whoever lost the answer gets the secret after all; two endpoints would bring every nudge twice."""
    couple_id = await api.join()
    body = {"url": "https://example.org/hook"}
    for path in (f"/couples/{couple_id}/endpoints", "/endpoints"):
        before = len((await api.call("GET", path, expect=200))["items"])
        calls = [api.call("POST", path, body, expect=201, Idempotency_Key="hook") for _ in range(3)]
        first, *others = await asyncio.gather(*calls)
        assert others == [first, first]
        assert (await api.call("POST", path, body, expect=201, Idempotency_Key="other"))["id"] != first["id"]
        assert len((await api.call("GET", path, expect=200))["items"]) == before + 2
        await api.call("DELETE", f"/endpoints/{first['id']}", expect=204)
        found = await api.problem("POST", path, body, expect=409, Idempotency_Key="hook")
        assert found[0] == "endpoint_deleted"
