"""Does a feed say what calendars need to hear: types, entity tags, dates, codings, 304?"""

import gzip
from datetime import timedelta

from icalendar import Calendar

from tests.broker.gateway_kit import NOW, gateway
from threedates.gateway.conditional import format_http_date

IDENTITY = {"accept-encoding": "identity"}


async def test_a_feed_comes_whole_with_every_header(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        uid = await here.date()
        answer = await here.http.get(here.path(couple), headers=IDENTITY)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.headers["cache-control"] == "private"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-length"] == str(len(answer.content))
        assert answer.headers["etag"].startswith('"')
        assert answer.headers["last-modified"].endswith(" GMT")
        assert "content-encoding" not in answer.headers
        assert [str(event["UID"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")] == [uid]
        assert str(Calendar.from_ical(answer.content)["NAME"]) == "sam & alex: dates"


async def test_no_header_at_all_is_needed(nats_url: str, prefix: str) -> None:
    """Some clients send neither Accept nor Accept-Encoding; they get plain bytes."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        request = here.http.build_request("GET", here.path(couple))
        for name in ("accept", "accept-encoding", "user-agent"):
            del request.headers[name]
        answer = await here.http.send(request)
        assert answer.status_code == 200
        assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


async def test_head_says_what_get_would(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        for headers in (IDENTITY, {"accept-encoding": "gzip"}):
            got = await here.http.get(here.path(couple), headers=headers)
            head = await here.http.head(here.path(couple), headers=headers)
            assert head.content == b""
            assert head.headers == got.headers


async def test_gzip_is_sent_when_asked_and_has_a_tag_of_its_own(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        plain = await here.http.get(here.path(couple), headers=IDENTITY)
        async with here.http.stream("GET", here.path(couple), headers={"accept-encoding": "gzip, br"}) as answer:
            packed = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed) == plain.content
        assert answer.headers["etag"] != plain.headers["etag"]
        for other in ("gzip;q=0", "br", "*"):
            assert (
                "content-encoding"
                not in (await here.http.get(here.path(couple), headers={"accept-encoding": other})).headers
            )


async def test_who_has_it_already_gets_304(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        here.clock.advance(minutes=5)
        first = await here.http.get(here.path(couple), headers=IDENTITY)
        etag, modified = first.headers["etag"], first.headers["last-modified"]
        for asked in (
            {"if-none-match": etag},
            {"if-none-match": f'W/"old", W/{etag}'},
            {"if-none-match": "*"},
            {"if-modified-since": modified},
            {"if-none-match": etag, "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        ):
            for method in ("GET", "HEAD"):
                answer = await here.http.request(method, here.path(couple), headers={**IDENTITY, **asked})
                assert (answer.status_code, answer.content) == (304, b"")
                sent = {"etag": etag, "last-modified": modified, "cache-control": "private", "vary": "Accept-Encoding"}
                assert dict(answer.headers) == sent


async def test_who_has_something_else_gets_it_whole(nats_url: str, prefix: str) -> None:
    """An entity tag that does not match outweighs a date that does (RFC 9110 §13.1.3)."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        here.clock.advance(minutes=5)
        first = await here.http.get(here.path(couple), headers=IDENTITY)
        modified = first.headers["last-modified"]
        for asked in (
            {"if-none-match": '"old"', "if-modified-since": modified},
            {"if-none-match": "nonsense"},
            {"if-modified-since": "yesterday"},
            {"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
            {"if-none-match": first.headers["etag"], "accept-encoding": "gzip"},
        ):
            assert (await here.http.get(here.path(couple), headers={**IDENTITY, **asked})).status_code == 200


async def test_last_modified_is_when_a_date_last_changed(nats_url: str, prefix: str) -> None:
    """Never the present second: more may change within it, and a client that goes by dates would miss that."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        here.clock.advance(minutes=1)
        await here.date()
        changed = here.clock.now
        fresh = await here.http.get(here.path(couple))
        here.clock.advance(seconds=5)
        later = await here.http.get(here.path(couple))
        assert later.headers["last-modified"] == format_http_date(changed)
        asked = {"if-modified-since": fresh.headers["last-modified"]}
        assert (await here.http.get(here.path(couple), headers=asked)).status_code == 200


async def test_the_same_state_gives_the_same_bytes(nats_url: str, prefix: str) -> None:
    """Whichever gateway serves it, whenever."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.date()
        first = await here.http.get(here.path(couple))
        async with gateway(nats_url, prefix) as there:
            there.clock.now = NOW + timedelta(days=6)
            second = await there.http.get(there.path(couple))
        assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])


async def test_other_methods_are_refused(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        answer = await here.http.put(here.path(couple), content=b"BEGIN:VCALENDAR")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
