"""Security headers, robots, and logs without secrets: does every answer have what it should?"""

import logging

import pytest

from tests.services.gateway.kit import HEADERS, defect, surface


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/docs",
        "/openapi.json",
        "/robots.txt",
        "/nothing",
        "/v1",
        "/v1/endpoints",
        "/feeds/x.ics",
        "/feeds/x",
    ],
)
async def test_every_answer_carries_security_headers(path: str) -> None:
    async with surface() as http:
        answer = await http.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "cache-control" in answer.headers
    assert "server" not in answer.headers


async def test_the_answer_to_a_defect_carries_them_too() -> None:
    async with surface(defect) as http:
        answer = await http.get("/v1/endpoints", headers=HEADERS)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_https_is_insisted_on_only_where_there_is_https() -> None:
    async with surface(public_url="https://dates.example.org") as http:
        assert "strict-transport-security" in (await http.get("/healthz")).headers
    async with surface() as http:
        assert "strict-transport-security" not in (await http.get("/healthz")).headers


async def test_robots_may_read_feeds_alone() -> None:
    """Some calendar services fetch as robots do."""
    async with surface() as http:
        lines = (await http.get("/robots.txt")).text.splitlines()
    assert lines == ["User-agent: *", "Allow: /feeds/", "Disallow: /"]


async def test_no_token_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = "c1_couple.1.pR6D0cB3aV2mQ9xZ"
    async with surface(defect) as http:
        for path in (f"/feeds/{token}.ics", f"/c/{token}", f"/a/{token}", "/v1/endpoints"):
            await http.get(path, headers=HEADERS)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("threedates")]
    assert any(line.startswith("GET /feeds/…") for line in ours)
    assert not any("pR6D0cB3aV2mQ9xZ" in line or "an-api-key" in line for line in ours)


async def test_a_path_is_one_line_of_the_log_and_a_broken_token_stays_out(caplog: pytest.LogCaptureFixture) -> None:
    """A line break in a path could forge lines, or carry the rest of a token past what strikes it out."""
    caplog.set_level(logging.DEBUG)
    async with surface() as http:
        for path in ("/v1/x%0a2026-01-01 ERROR all is lost", "/c/c1.0.1.pR6D%0d%0a0cB3aV2mQ9xZ", "/%1b[31m%00"):
            await http.get(path)
    ours = [record.getMessage() for record in caplog.records if record.name == "threedates.access"]
    assert len(ours) == 3
    assert all(line.isprintable() for line in ours)
    assert not any("0cB3aV2mQ9xZ" in line for line in ours)
