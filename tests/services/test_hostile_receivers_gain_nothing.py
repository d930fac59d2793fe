"""What does an attacker gain who runs the receiver, its name server, or something between?"""

import asyncio
import gzip
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import psutil
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.services.posting_kit import client, post, receiver, says
from threedates.core.addresses import Rules
from threedates.edge.webhook_client import WebhookClient

ONE = Rules(networks=(ip_network("127.0.0.1/32"),))
"""127.0.0.1 stands for the public address, 127.0.0.2 for one inside."""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
ENDLESS = 64 * 1024 * 1024


class Names(AbstractResolver):
    """A name server in an attacker's hands: answers each question with the next of its answers."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in found
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


class Inside:
    """What must not be reached, at the same port of 127.0.0.2. Counts who connects."""

    def __init__(self) -> None:
        self.connections = 0

    async def serve(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(OK)
        writer.close()


@asynccontextmanager
async def both() -> AsyncIterator[tuple[int, Inside]]:
    """A public receiver and something inside, at one port."""
    inside = Inside()
    async with receiver(says(OK)) as there:
        port = int(there.url.split(":")[2].split("/")[0])
        try:
            server = await asyncio.start_server(inside.serve, "127.0.0.2", port)
        except OSError:
            pytest.skip("127.0.0.2 is no address of this machine")
        try:
            yield port, inside
        finally:
            server.close()


async def test_a_name_that_leads_inside_at_the_second_attempt_is_refused_there() -> None:
    """Rebinding: what was right when it was saved, or a second ago, is asked again at every dial."""
    async with both() as (port, inside):
        names = Names(["127.0.0.1"], ["127.0.0.2"])
        results = []
        for _ in range(2):
            # A client of its own each time: nothing is remembered, as after the seconds between two attempts.
            posting = WebhookClient(ONE, names)
            results.append(await posting.post(f"http://rebinding.example:{port}/", {}, b"{}", 5))
            await posting.aclose()
        assert [result.status for result in results] == [200, None]
        assert results[1].error is not None
        assert results[1].error.startswith("address refused")
        assert names.asked == 2
        assert inside.connections == 0


@pytest.mark.parametrize("addresses", [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]])
async def test_of_several_addresses_the_one_inside_is_never_dialled(addresses: list[str]) -> None:
    """Wherever it stands among them, and though the others fail."""
    async with both() as (port, inside):
        posting = WebhookClient(ONE, Names(addresses))
        assert (await posting.post(f"http://several.example:{port}/", {}, b"{}", 5)).status == 200
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            closed = taken.getsockname()[1]
            await posting.post(f"http://several.example:{closed}/", {}, b"{}", 5)
        await posting.aclose()
        assert inside.connections == 0


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"],
    ids=["headers", "body", "interim answers"],
)
async def test_an_answer_that_trickles_ends_with_the_time_of_the_attempt(start: bytes) -> None:
    """Slow-loris: each byte comes in time, the answer never does."""

    async def trickle(_request: bytes, writer: asyncio.StreamWriter) -> None:
        drop = start if start.endswith(b"100 Continue\r\n\r\n") else b"x"
        writer.write(start)
        while not writer.is_closing():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with receiver(trickle) as there:
        result = await post(there.url, within=0.4)
    assert (result.status, result.error) == (None, "timeout")


@pytest.mark.parametrize(
    ("start", "chunk"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"x-filler: " + b"y" * 4_000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nx-filler: ", b"y" * 65_536),
        (b"HTTP/1.1 200 ", b"y" * 65_536),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"z" * 0xFFFF + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"x-trailer: " + b"y" * 4_000 + b"\r\n"),
    ],
    ids=["many headers", "one huge header", "a huge reason", "an endless body", "trailers"],
)
async def test_no_endless_answer_is_read_to_its_end(start: bytes, chunk: bytes) -> None:
    """Whatever part of it is endless, the attempt is over long before it has filled anything."""
    sent = 0

    async def endless(_request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(start)
        while sent < ENDLESS:
            writer.write(chunk)
            sent += len(chunk)
            await writer.drain()

    async with receiver(endless) as there:
        result = await post(there.url, within=5)
        assert result.error != "timeout"
        assert result.status == 200 or result.error
    assert sent < ENDLESS


async def test_an_endless_chunk_extension_ends_with_the_time_of_the_attempt() -> None:
    """The parser throws it away as it comes: it costs the time an attempt may take, and no memory."""
    extension = b"e" * 65_536
    is_over = False

    async def endless(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
        while not is_over:
            writer.write(extension)
            await writer.drain()

    before = psutil.Process().memory_info().rss
    async with receiver(endless) as there:
        result = await post(there.url, within=1)
        is_over = True
    assert (result.status, result.error) == (None, "timeout")
    assert psutil.Process().memory_info().rss - before < ENDLESS


async def test_a_compressed_bomb_stays_compressed() -> None:
    """Nobody needs the answer's text, so nobody unpacks it."""
    bomb = gzip.compress(b"0" * ENDLESS)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    async with receiver(says(head + bomb)) as there, client() as posting:
        result = await posting.post(there.url, {}, b"{}", 5)
    assert (result.status, result.error) == (200, None)


@pytest.mark.parametrize("kind", ["metadata", "loopback", "mapped"])
async def test_a_redirect_inside_is_an_answer_like_any_other(kind: str) -> None:
    """3xx is a failed attempt; where it points is not even resolved."""
    targets = {
        "metadata": "http://169.254.169.254/latest/",
        "loopback": "http://127.0.0.1/",
        "mapped": "http://[::ffff:7f00:1]/",
    }
    moved = f"HTTP/1.1 302 Found\r\nLocation: {targets[kind]}\r\nContent-Length: 0\r\n\r\n".encode()
    async with receiver(says(moved)) as there:
        result = await post(there.url)
        assert (result.status, there.connections) == (302, 1)


def certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself, for that name, with its key; one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, pem = folder / "key.pem", folder / "both.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out",
            str(pem),
        ],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    pem.write_text(pem.read_text() + key.read_text())
    return pem


@asynccontextmanager
async def over_tls(pem: Path) -> AsyncIterator[tuple[int, Callable[[], int]]]:
    """A receiver with that certificate: its port, and how many requests have reached it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    requests = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        try:
            await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            return
        requests += 1
        writer.write(OK)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], lambda: requests
    finally:
        server.close()


async def test_a_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    """Not even the headers: the signature and the addresses in a nudge are for its receiver."""
    async with over_tls(certificate(tmp_path, "localhost")) as (port, requests):
        result = await post(f"https://localhost:{port}/hook")
        assert (result.status, result.error, requests()) == (None, "TLS failed", 0)


TRUSTING = """
import asyncio, ipaddress, sys
from threedates.core.addresses import Rules
from threedates.edge.webhook_client import WebhookClient

async def main():
    posting = WebhookClient(Rules(networks=(ipaddress.ip_network("127.0.0.0/8"),)))
    result = await posting.post(sys.argv[1], {}, b"{}", 10)
    await posting.aclose()
    print(result.status, result.error)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("name", "said", "reached"), [("localhost", "200 None", 1), ("elsewhere.example", "None TLS failed", 0)]
)
async def test_a_trusted_certificate_for_another_name_gets_nothing(
    tmp_path: Path, name: str, said: str, reached: int
) -> None:
    """In a process of its own, which trusts that certificate: only the name is wrong, or right."""
    pem = certificate(tmp_path, name)
    async with over_tls(pem) as (port, requests):
        command = [sys.executable, "-c", TRUSTING, f"https://localhost:{port}/hook"]
        environment = {**os.environ, "SSL_CERT_FILE": str(pem)}
        done = await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.stdout.strip(), requests()) == (said, reached), done.stderr
