"""What comes of posting a webhook to receivers that behave, misbehave, or must not be reached at all?"""

import asyncio
import socket

import pytest

from tests.services.posting_kit import client, post, receiver, says
from threedates.core.addresses import Rules


async def test_the_exact_bytes_and_headers_arrive() -> None:
    """The signature is over the bytes; nothing may touch them."""
    async with receiver(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as there:
        result = await post(there.url)
    assert (result.status, result.error) == (204, None)
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?secret=token HTTP/1.1\r\n")
    assert b"webhook-id: m-1" in head.lower()
    assert b"content-type: application/json" in head.lower()
    assert body == b'{"type":"endpoint.test"}'


async def test_a_url_is_asked_for_as_it_was_given() -> None:
    """A signature in a query is over one spelling of it."""
    async with receiver(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as there:
        await post(f"{there.url}&sig=a%2Fb+c%7Ed&&x=%c3%A9")
    assert there.requests[0].startswith(b"POST /hook?secret=token&sig=a%2Fb+c%7Ed&&x=%c3%A9 HTTP/1.1\r\n")


async def test_a_connection_serves_again_and_cookies_are_not_kept() -> None:
    """Speed, and no tenant's state in another's request."""
    async with receiver(says(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok")) as there:
        async with client() as posting:
            for _ in range(5):
                assert (await posting.post(there.url, {}, b"{}", 5)).status == 200
        assert there.connections == 1
        assert not any(b"cookie" in request.lower() for request in there.requests)


async def test_a_redirect_is_not_followed() -> None:
    async with receiver(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as inside:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {inside.url}\r\nContent-Length: 0\r\n\r\n".encode()
        async with receiver(says(moved)) as there:
            assert (await post(there.url)).status == 307
        assert inside.requests == []


async def test_retry_after_is_handed_on() -> None:
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    async with receiver(says(answer)) as there:
        result = await post(there.url)
    assert (result.status, result.retry_after) == (503, "120")


async def test_no_more_than_64_kb_of_an_answer_are_read() -> None:
    """An endless answer costs its sender the connection and us nothing."""
    sent = 0

    async def endless(_request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            sent += 65_536
            await writer.drain()

    async with receiver(endless) as there:
        result = await post(there.url)
        assert result.status == 200
    assert sent < 64 * 1024 * 1024


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"],
    ids=["nothing", "half", "body"],
)
async def test_a_silent_receiver_ends_in_a_timeout(start: bytes) -> None:
    """However far its answer got: the time is for the whole attempt."""

    async def stall(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await asyncio.sleep(30)

    async with receiver(stall) as there:
        result = await post(there.url, within=0.3)
    assert (result.status, result.error) == (None, "timeout")


@pytest.mark.parametrize(
    "answer",
    [b"SSH-2.0-OpenSSH_9.9\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\x00" * 100, b"HTTP/1.1 200 OK\r\nbad\r\n\r\n"],
)
async def test_nonsense_for_an_answer_is_a_failed_attempt(answer: bytes) -> None:
    """It never raises."""

    async def nonsense(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with receiver(nonsense) as there:
        result = await post(there.url)
    assert result.status is None
    assert result.error


async def test_a_closed_connection_is_a_failed_attempt() -> None:
    async def hang_up(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with receiver(hang_up) as there:
        result = await post(there.url)
    assert result.error == "connection lost"


async def test_a_closed_port_is_a_failed_attempt_whose_error_names_no_url() -> None:
    """Errors stand in attempt logs; a URL may carry a secret."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = await post(f"http://127.0.0.1:{taken.getsockname()[1]}/hook?secret=token")
    assert result.error == "connection refused"


async def test_an_unknown_name_is_a_failed_attempt() -> None:
    result = await post("http://does-not-exist.invalid/")
    assert result.error == "name not found"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
async def test_a_private_address_is_refused_when_it_is_dialled(host: str) -> None:
    """A name is judged by what it resolves to, before any connect."""
    async with receiver(says(b"HTTP/1.1 200 OK\r\n\r\n")) as there:
        port = int(there.url.split(":")[2].split("/")[0])
        result = await post(f"http://{host}:{port}/", Rules(ports=(port,)))
        assert there.connections == 0
    assert result.status is None
    assert result.error is not None
    assert result.error.startswith("address refused")


@pytest.mark.parametrize(
    "host", ["0", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "[::127.0.0.1]"]
)
async def test_no_spelling_of_loopback_slips_through(host: str) -> None:
    """Resolvers understand more than people do; not even an allowed 127.0.0.0/8 opens another spelling's family."""
    async with receiver(says(b"HTTP/1.1 200 OK\r\n\r\n")) as there:
        port = int(there.url.split(":")[2].split("/")[0])
        result = await post(f"http://{host}:{port}/", Rules(ports=(port,)))
        assert there.connections == 0
    assert result.error is not None
    assert result.error.startswith("address refused")


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would dial for us, past every judgement."""
    async with receiver(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.partition("/hook")[0])
        result = await post("http://does-not-exist.invalid/")
        assert proxy.connections == 0
    assert result.error == "name not found"


@pytest.mark.parametrize(
    "url", ["http://user:secret@127.0.0.1/", "ftp://127.0.0.1/", "http://", "nonsense", "http://[::1"]
)
async def test_a_url_that_is_none_is_a_failed_attempt(url: str) -> None:
    """Records may be older than today's rules."""
    result = await post(url)
    assert result.error is not None
    assert "secret" not in result.error
