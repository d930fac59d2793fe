"""Is a calendar fetched as its host means it, and can no host make us fetch, keep or unpack more than we want to?"""

import asyncio
import gzip
import zlib

import pytest

from tests.services.fetching_kit import LOCAL, Answer, Request, fetch, response, says, site, trouble
from threedates.core.addresses import Rules
from threedates.edge.calendar_client import Fetched, Limits, Unchanged, https

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
SMALL = Limits(size=100_000)


async def test_a_calendar_comes_with_what_its_server_says_of_it() -> None:
    """Asked for as calendar programs ask, without any credential of ours."""
    answer = says(
        body=CALENDAR, etag='"v1"', last_modified="Fri, 20 Nov 2026 10:00:00 GMT", cache_control="max-age=900"
    )
    async with site(answer) as there:
        found = await fetch(f"{there.url}/private/sam%40x/a.ics?token=%7e")
    assert found == Fetched(CALENDAR, '"v1"', "Fri, 20 Nov 2026 10:00:00 GMT", 900)
    (request,) = there.requests
    assert request.path == "/private/sam%40x/a.ics?token=%7e"
    assert request.headers["user-agent"] == "threedates"
    assert not request.headers.keys() & {"if-none-match", "if-modified-since", "authorization", "cookie", "referer"}


async def test_what_is_known_is_asked_about() -> None:
    """A 304 costs next to nothing on either side."""
    async with site(says("304 Not Modified", cache_control="max-age=60")) as there:
        assert await fetch(there.url, etag='"v1"', last_modified="then") == Unchanged(60)
    assert there.requests[0].headers["if-none-match"] == '"v1"'
    assert there.requests[0].headers["if-modified-since"] == "then"


async def test_gzip_is_unpacked() -> None:
    """It is all that is asked for."""
    async with site(says(body=gzip.compress(CALENDAR), content_encoding="gzip")) as there:
        found = await fetch(there.url)
    assert isinstance(found, Fetched)
    assert found.data == CALENDAR
    assert there.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", "not_found"),
        ("410 Gone", "gone"),
        ("401 Unauthorized", "forbidden"),
        ("403 Forbidden", "forbidden"),
        ("500 Oops", "http_error"),
        ("204 No Content", "http_error"),
        ("206 Partial Content", "http_error"),
    ],
)
async def test_other_answers_are_trouble_of_a_class(status: str, error: str) -> None:
    """Told with the status, and with Retry-After where there is one."""
    async with site(says(status, retry_after="77")) as there:
        found = await trouble(f"{there.url}/private")
    assert (found.error, found.retry_after) == (error, "77")
    assert status[:3] in found.detail


def to(*places: str) -> Answer:
    """A site that redirects from ``/0`` to the first, from ``/1`` to the second …, and else has a calendar."""

    async def write(request: Request, writer: asyncio.StreamWriter) -> None:
        at = request.path[1:]
        if at.isdecimal() and int(at) < len(places):
            writer.write(response("302 Found", location=places[int(at)]))
        else:
            writer.write(response("200 OK", CALENDAR))

    return write


async def test_a_few_redirects_are_followed() -> None:
    """Relative ones too, without what stands after a hash."""
    async with site(to("/1", "2#here", "/end")) as there:
        assert isinstance(await fetch(f"{there.url}/0"), Fetched)
        assert [request.path for request in there.requests] == ["/0", "/1", "/2", "/end"]


async def test_redirects_end() -> None:
    """A circle is left after five."""
    async with site(to("/0")) as there:
        found = await trouble(f"{there.url}/0")
        assert len(there.requests) == 6
    assert "redirects" in found.detail


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/a.ics",
        "http://[::1]/a.ics",
        "http://169.254.169.254/latest/meta-data",
        "http://2130706433/",
        "http://user:pass@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.ics",
    ],
)
async def test_a_redirect_to_where_nobody_may_go_is_refused(target: str) -> None:
    """Each step is judged as the first address was."""
    async with site(to(target)) as there:
        assert (await trouble(f"{there.url}/0")).error == "address_refused"


async def test_a_redirect_to_a_name_that_means_a_private_address_is_refused() -> None:
    """The name is judged when it is dialled: with one loopback address allowed, another is still not."""
    one = Rules(networks=(LOCAL.networks[0].__class__("127.0.0.1/32"),))
    async with site(to("http://127.0.0.2/a.ics")) as there:
        assert (await trouble(f"{there.url}/0", one)).error == "address_refused"
    assert (await trouble("http://localhost:1/", Rules(ports=(1,)))).error == "address_refused"


async def test_nothing_private_is_fetched_unless_it_is_allowed() -> None:
    """The guard of webhooks, on whatever address."""
    async with site(says(body=CALENDAR)) as there:
        assert (await trouble(there.url, Rules())).error == "address_refused"
        assert there.requests == []


async def test_what_is_too_large_is_not_read_to_its_end() -> None:
    """Whether it says its length or not."""

    async def endless(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
        while True:
            writer.write(b"X" * 65_536)
            await writer.drain()

    async with site(endless) as there:
        assert (await trouble(there.url, limits=SMALL)).error == "too_large"
    async with site(says(body=b"X" * 100_001)) as there:
        assert (await trouble(there.url, limits=SMALL)).error == "too_large"


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_unpacked() -> None:
    """A thousand times its size, no further than the limit."""
    pack = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(pack.compress(b"\0" * 1_000_000) for _ in range(50)) + pack.flush()
    assert len(bomb) < SMALL.size
    async with site(says(body=bomb, content_encoding="gzip")) as there:
        assert (await trouble(there.url, limits=SMALL)).error == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding", "error"),
    [
        (gzip.compress(CALENDAR, mtime=0)[:-12], "gzip", "not_a_calendar"),
        (CALENDAR, "gzip", "not_a_calendar"),
        (CALENDAR, "br", "http_error"),
    ],
)
async def test_what_cannot_be_unpacked_is_no_calendar(body: bytes, encoding: str, error: str) -> None:
    """A calendar that was cut off would free what is missing."""
    async with site(says(body=body, content_encoding=encoding)) as there:
        assert (await trouble(there.url)).error == error


async def test_an_answer_that_breaks_off_is_no_answer() -> None:
    """Less came than was announced."""

    async def torn(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n" + CALENDAR)

    async with site(torn) as there:
        assert (await trouble(there.url)).error == "not_reachable"


async def test_a_fetch_is_over_in_its_time() -> None:
    """However slowly it drips, from the first byte to the last."""

    async def slow(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
        while True:
            writer.write(b"X")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with site(slow) as there:
        assert (await trouble(there.url, limits=Limits(seconds=0.3))).error == "too_slow"


async def test_a_server_that_is_not_there_is_trouble() -> None:
    """And not an exception."""
    async with site(says()) as there:
        url = there.url
    assert (await trouble(url)).error == "not_reachable"


@pytest.mark.parametrize("url", ["webcal://h/a.ics", "WEBCAL://h/a.ics", "webcals://h/a.ics", "https://h/a.ics"])
def test_webcal_is_https(url: str) -> None:
    """As calendar programs write it."""
    assert https(url) == "https://h/a.ics"
