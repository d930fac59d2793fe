"""Is every error a problem detail (RFC 9457) that says what was wrong, and nothing about our insides?"""

from collections.abc import AsyncIterator

import pytest

from tests.services.gateway.kit import HEADERS, defect, one_couple, surface


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("PUT", "/v1/endpoints", 405, "method_not_allowed"),
        ("DELETE", "/healthz", 405, "method_not_allowed"),
        ("GET", "/v1/endpoints", 503, "unavailable"),
        ("GET", "/readyz", 503, "unavailable"),
    ],
)
async def test_errors_are_problems(method: str, path: str, status: int, code: str) -> None:
    async with surface() as http:
        answer = await http.request(method, path, headers=HEADERS)
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code)
    assert found["title"]
    assert found["detail"]
    assert "10.1.2.3" not in answer.text


async def test_405_says_what_is_allowed() -> None:
    """RFC 9110 §15.5.6."""
    async with surface() as http:
        answer = await http.request("DELETE", "/healthz")
    assert answer.headers["allow"] == "GET"


async def test_a_defect_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged instead."""
    async with surface(defect) as http:
        answer = await http.get("/v1/endpoints", headers=HEADERS)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert "a request failed: GET /v1/endpoints" in caplog.text


@pytest.mark.parametrize(("path", "limit"), [("check-ins", 64 * 1024), ("calendar-events", 256 * 1024)])
async def test_a_body_is_read_no_further_than_it_may_be(path: str, limit: int) -> None:
    """Whether its length is declared or not."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1024
            yield b"x" * 1024

    async with surface(one_couple) as http:
        declared = await http.post(f"/v1/couples/c1/{path}", content=b"x" * (limit + 1), headers=HEADERS)
        undeclared = await http.post(f"/v1/couples/c1/{path}", content=endless(), headers=HEADERS)
    for answer in (declared, undeclared):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert read <= limit + 2 * 1024


async def test_an_unknown_key_is_refused_before_its_body_is_read() -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b"{}"

    async with surface() as http:
        answer = await http.post("/v1/couples", content=body(), headers={"Authorization": "Bearer other"})
    assert (answer.status_code, read) == (401, 0)
    assert answer.headers["www-authenticate"].startswith("Bearer ")
