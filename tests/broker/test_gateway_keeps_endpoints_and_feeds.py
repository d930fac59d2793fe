"""Are endpoints and feeds made, shown, changed and ended as asked?"""

from datetime import UTC, datetime, timedelta

from tests.broker.api_kit import ONE_LOOP, Api
from threedates.edge.attempts import recent_attempts
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints
from threedates.schemas.log import encode
from threedates.schemas.webhook import Attempt, Delivery

pytestmark = ONE_LOOP
URL = "https://example.org/hook"


async def test_a_secret_is_shown_once(api: Api) -> None:
    couple_id = await api.join()
    body = {"url": URL, "types": ["nudge.*"], "kinds": ["fun"], "partners": ["alex"]}
    made = await api.call("POST", f"/couples/{couple_id}/endpoints", body, expect=201)
    assert made["secret"].startswith("whsec_")
    del made["secret"]
    assert made["couple_id"] == couple_id
    assert await api.call("GET", f"/endpoints/{made['id']}", expect=200) == made
    assert await api.call("GET", f"/couples/{couple_id}/endpoints", expect=200) == {"items": [made]}


async def test_a_given_secret_is_kept(api: Api) -> None:
    secret = "whsec_" + "QUJD" * 11
    made = await api.call("POST", "/endpoints", {"url": URL, "secret": secret}, expect=201)
    assert (made["secret"], made["couple_id"]) == (secret, None)
    await api.call("DELETE", f"/endpoints/{made['id']}", expect=204)
    assert (await api.problem("GET", f"/endpoints/{made['id']}", expect=404))[0] == "unknown_endpoint"


async def test_only_what_is_named_is_changed(api: Api) -> None:
    couple_id = await api.join()
    body = {"url": URL, "kinds": ["fun"], "partners": ["alex"]}
    made = await api.call("POST", f"/couples/{couple_id}/endpoints", body, expect=201)
    path = f"/endpoints/{made.pop('id')}"
    changed = await api.call("PATCH", path, {"kinds": None, "disabled": True}, expect=200)
    assert (changed["url"], changed["kinds"], changed["partners"]) == (URL, None, ["alex"])
    assert changed["disabled"] == "by_hand"
    failing = {"disabled": "failing", "failing_since": system_clock(), "warned": 100, "warned_at": system_clock()}
    await Endpoints(api.wire).change(changed["id"], lambda old: old.model_copy(update=failing))
    shown = await api.call("GET", path, expect=200)
    assert (shown["disabled"], shown["failing_since"] is not None, shown["warned"]) == ("failing", True, 100)
    shown = await api.call("PATCH", path, {"disabled": False}, expect=200)
    assert (shown["disabled"], shown["failing_since"], shown["warned"]) == (None, None, 0)
    assert await api.problem("PATCH", path, {"url": "http://127.1/"}, expect=422) == ("invalid", "url")
    assert await api.problem("PATCH", path, {"partners": ["kim"]}, expect=422) == ("unknown_partner", "partners.0")


async def test_there_may_be_ten(api: Api) -> None:
    couple_id = await api.join()
    for n in range(10):
        await api.call("POST", f"/couples/{couple_id}/endpoints", {"url": f"{URL}/{n}"}, expect=201)
    found = await api.problem("POST", f"/couples/{couple_id}/endpoints", {"url": URL}, expect=409)
    assert found[0] == "too_many_endpoints"


async def test_a_test_is_a_delivery_of_its_own(api: Api) -> None:
    couple_id = await api.join()
    made = await api.call("POST", f"/couples/{couple_id}/endpoints", {"url": URL}, expect=201)
    sent = await api.call("POST", f"/endpoints/{made['id']}/test", expect=202)
    names = api.wire.names
    (stored,) = await api.wire.reader.tail(names.deliveries, names.deliver(couple_id, made["id"]), 1)
    task = Delivery.model_validate_json(stored.data)
    assert (task.type, task.message_id, task.endpoint_id) == ("endpoint.test", sent["id"], made["id"])
    assert "." not in task.message_id


async def test_attempts_are_shown_newest_first(api: Api) -> None:
    """However many other endpoints' attempts lie between."""
    made = await api.call("POST", "/endpoints", {"url": URL}, expect=201)
    for n in range(1, 8):
        for endpoint_id in (made["id"], "key-other_1"):
            attempt = Attempt(
                message_id=f"nudge-{n}",
                endpoint_id=endpoint_id,
                couple_id="c1" if n % 2 else "c2",
                type="nudge.due",
                attempt=1,
                at=system_clock(),
                outcome="delivered",
                status=200,
            )
            await api.wire.publish(api.wire.names.attempt(attempt.couple_id, endpoint_id), encode(attempt))
    found = await api.call("GET", f"/endpoints/{made['id']}/attempts?limit=3", expect=200)
    assert [item["message_id"] for item in found["items"]] == ["nudge-7", "nudge-6", "nudge-5"]
    assert len((await recent_attempts(api.wire, made["id"], 200))[0]) == 7


async def test_a_format_and_headers_are_taken_and_their_values_not_shown(api: Api) -> None:
    body = {"url": URL, "format": "ntfy", "headers": {"Authorization": "Bearer abc", "X-Tag": "a"}, "per_minute": 12}
    made = await api.call("POST", "/endpoints", body, expect=201)
    assert (made["format"], made["headers"], made["per_minute"]) == ("ntfy", ["authorization", "x-tag"], 12)
    kept = await Endpoints(api.wire).get(made["id"])
    assert kept is not None
    assert kept.headers == {"authorization": "Bearer abc", "x-tag": "a"}
    assert "abc" not in repr(kept)
    path = f"/endpoints/{made['id']}"
    changed = await api.call("PATCH", path, {"format": "slack", "headers": {}, "per_minute": None}, expect=200)
    assert (changed["format"], changed["headers"], changed["per_minute"]) == ("slack", [], None)
    assert await api.problem("PATCH", path, {"format": "teams"}, expect=422) == ("invalid", "format")
    for name in ("Host", "Content-Length", "webhook-id", "Connection", "X-Forwarded-For", "ce-id", "Cookie"):
        wrong = await api.problem("PATCH", path, {"headers": {name: "a"}}, expect=422)
        assert wrong == ("invalid", f"headers.{name}")
    answer = await api.call("PATCH", path, {"headers": {"X-A": "secret\r\nHost: b"}}, expect=422)
    assert "secret" not in str(answer)


async def test_attempts_are_filtered_and_paged(api: Api) -> None:
    """Filters narrow, pages meet without a gap."""
    made = await api.call("POST", "/endpoints", {"url": URL}, expect=201)
    begin = datetime(2026, 11, 20, 12, tzinfo=UTC)
    for n in range(9):
        attempt = Attempt(
            message_id=f"nudge-{n % 3}",
            endpoint_id=made["id"],
            couple_id="c1",
            type="nudge.due",
            attempt=1,
            at=begin + timedelta(minutes=n),
            outcome="delivered" if n % 2 else "dead",
        )
        await api.wire.publish(api.wire.names.attempt("c1", made["id"]), encode(attempt))
    path = f"/endpoints/{made['id']}/attempts"

    async def minutes(query: str) -> list[int]:
        found = await api.call("GET", f"{path}?{query}", expect=200)
        return [datetime.fromisoformat(item["at"]).minute for item in found["items"]]

    assert await minutes("outcome=dead") == [8, 6, 4, 2, 0]
    assert await minutes("message_id=nudge-1") == [7, 4, 1]
    assert await minutes("since=2026-11-20T12:03:00Z&until=2026-11-20T12:05:00Z") == [5, 4, 3]
    seen, further = [], "limit=4"
    while further:
        page = await api.call("GET", f"{path}?{further}", expect=200)
        seen += [datetime.fromisoformat(item["at"]).minute for item in page["items"]]
        further = page["next"] and f"limit=4&before={page['next']}"
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert await api.problem("GET", f"{path}?since=yesterday", expect=422) == ("invalid", "since")


async def test_a_rotated_secret_is_shown_once_and_the_old_one_signs_for_a_day(api: Api) -> None:
    made = await api.call("POST", "/endpoints", {"url": URL}, expect=201)
    rotated = await api.call("POST", f"/endpoints/{made['id']}/rotate-secret", {}, expect=200)
    assert rotated["secret"] not in ("", made["secret"])
    kept = await Endpoints(api.wire).get(made["id"])
    assert kept is not None
    assert kept.secrets_at(system_clock()) == (rotated["secret"], made["secret"])
    assert "secret" not in await api.call("GET", f"/endpoints/{made['id']}", expect=200)
    wrong = await api.problem("POST", f"/endpoints/{made['id']}/rotate-secret", {"secret": "short"}, expect=422)
    assert wrong == ("invalid", "secret")


async def test_a_replay_says_what_it_could_not_take(api: Api) -> None:
    """Before anything is put on its way."""
    made = await api.call("POST", "/endpoints", {"url": URL}, expect=201)
    path = f"/endpoints/{made['id']}/replay"
    assert (await api.problem("POST", path, {}, expect=422))[0] == "invalid"
    assert (await api.problem("POST", path, {"message_id": "a", "dead": True}, expect=422))[0] == "invalid"
    assert await api.problem("POST", path, {"message_id": "a"}, expect=404) == ("unknown_message", "message_id")
    assert await api.call("POST", path, {"dead": True}, expect=202) == {"count": 0, "next": None}
    assert await api.call("POST", path, {"since": "2026-11-20T00:00:00Z"}, expect=202) == {"count": 0, "next": None}
    await api.call("PATCH", f"/endpoints/{made['id']}", {"disabled": True}, expect=200)
    assert (await api.problem("POST", path, {"dead": True}, expect=409))[0] == "endpoint_disabled"


async def test_a_rotated_feed_has_another_url_and_a_revoked_one_none(api: Api) -> None:
    couple_id = await api.join()
    feeds = (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"]
    assert [(feed["scope"], feed["partner"]) for feed in feeds] == [
        ("couple", None),
        ("partner", "sam"),
        ("partner", "alex"),
    ]
    first = feeds[0]
    rotated = await api.call("POST", f"/feeds/{first['id']}/rotate", expect=200)
    assert (await api.http.get(rotated["url"])).status_code == 200
    assert (await api.http.get(first["url"])).status_code == 410
    await api.call("DELETE", f"/feeds/{first['id']}", expect=204)
    assert (await api.http.get(rotated["url"])).status_code == 410
    shown = (await api.call("GET", f"/couples/{couple_id}/feeds", expect=200))["items"][0]
    assert shown["url"] is None
    assert shown["revoked_at"] is not None
    assert (await api.problem("POST", f"/feeds/{first['id']}/rotate", expect=409))[0] == "feed_revoked"
