"""Does a process speak TLS with NATS, show its certificate, and say what to do where the server is not vouched for?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.broker.users_kit import doctor
from tests.nats_server import NatsServer
from threedates.cli.context import wired
from threedates.edge.errors import Misconfigured
from threedates.edge.identity import security
from threedates.edge.natsconfig import Tls, nats_conf
from threedates.edge.settings import Settings

CERTS = Path(__file__).parents[1] / "golden" / "tls"
"""A certificate authority of the tests' own; nobody else trusts it."""
CA, CLIENT = str(CERTS / "ca.pem"), str(CERTS / "client.pem")


@asynccontextmanager
async def _server(directory: Path) -> AsyncIterator[NatsServer]:
    """A server as ``threedates deploy nats-config`` sets it up where clients must show a certificate; without users."""
    tls = Tls(str(CERTS / "server.pem"), str(CERTS / "server.key"), client_ca=CA)

    def config(port: int) -> str:
        made = nats_conf(f"127.0.0.1:{port}", str(directory / "store"), tls)
        return made.replace('include "users.conf"', "").replace('http: "127.0.0.1:8222"', "")

    server = NatsServer(directory, config)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def test_both_sides_show_who_they_are(tmp_path: Path) -> None:
    """With the authority and a certificate of one's own, everything works as without TLS."""
    async with _server(tmp_path) as server:
        shown = {"nats_tls_ca": CA, "nats_tls_cert": CLIENT, "nats_tls_key": str(CERTS / "client.key")}
        async with wired(Settings.load(nats_url=server.url, **shown)) as wire:
            assert (await wire.api("INFO"))["streams"] == 0


async def test_who_does_not_know_the_server_is_told_what_to_set(tmp_path: Path) -> None:
    """The operator forgot the authority."""
    async with _server(tmp_path) as server:
        code, said = await doctor(server.url)
    assert code == 1
    assert "THREEDATES_NATS_TLS_" in said


def test_files_that_are_not_there_are_named() -> None:
    """At the start, not with the first message."""
    with pytest.raises(Misconfigured, match="nowhere"):
        security(Settings.load(nats_tls_ca="/nowhere.pem"))
