"""Does an API key open what is its own, and nothing else, without telling that there is more?"""

from tests.broker.api_kit import KEY, ONE_LOOP, OTHER_KEY, Api

pytestmark = ONE_LOOP


async def test_without_a_key_nothing_is_told(api: Api) -> None:
    """Not even which paths there are."""
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}, {"Authorization": KEY}):
        for path in ("/v1/endpoints", "/v1/nothing", "/v1"):
            answer = await api.http.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
            assert answer.headers["www-authenticate"].startswith("Bearer ")
            assert answer.headers["content-type"] == "application/problem+json"


async def test_another_app_s_couple_does_not_exist(api: Api) -> None:
    couple_id = await api.join()
    uid = (await api.date(couple_id))["uid"]
    couple = f"/couples/{couple_id}"
    for method, path in (
        ("GET", couple),
        ("PATCH", couple),
        ("DELETE", couple),
        ("GET", f"{couple}/status"),
        ("GET", f"{couple}/log"),
        ("GET", f"{couple}/dates"),
        ("GET", f"{couple}/dates/{uid}.ics"),
        ("POST", f"{couple}/dates/{uid}/accept"),
        ("POST", f"{couple}/check-ins"),
        ("GET", f"{couple}/feeds"),
        ("POST", f"{couple}/endpoints"),
    ):
        assert (await api.problem(method, path, expect=404, key=OTHER_KEY))[0] == "unknown_couple"


async def test_another_app_s_endpoints_and_feeds_do_not_exist(api: Api) -> None:
    couple_id = await api.join()
    body = {"url": "https://example.org/hook"}
    mine = await api.call("POST", "/endpoints", body, expect=201)
    ours = await api.call("POST", f"/couples/{couple_id}/endpoints", body, expect=201)
    assert await api.call("GET", "/endpoints", expect=200, key=OTHER_KEY) == {"items": []}
    for endpoint in (mine, ours):
        for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test"), ("GET", "/attempts")):
            found = await api.problem(method, f"/endpoints/{endpoint['id']}{path}", expect=404, key=OTHER_KEY)
            assert found[0] == "unknown_endpoint"
    for method, path in (("POST", "/rotate"), ("DELETE", "")):
        found = await api.problem(method, f"/feeds/{couple_id}_couple{path}", expect=404, key=OTHER_KEY)
        assert found[0] == "unknown_feed"
