"""Does a started embedded broker really work, at once, and look after its own files?"""

import asyncio
from pathlib import Path

import nats
import pytest

from threedates.edge.embedded import EmbeddedNats, EmbeddedNatsError


async def store_one(url: str, stream: str) -> None:
    client = await nats.connect(url, allow_reconnect=False)
    try:
        js = client.jetstream()
        await js.add_stream(name=stream, subjects=[f"{stream}.>"])
        await js.publish(f"{stream}.a", b"kept")
    finally:
        await client.close()


async def test_jetstream_takes_a_message_as_soon_as_start_returns(tmp_path: Path) -> None:
    async with EmbeddedNats(tmp_path / "made" / "if-missing") as broker:
        await store_one(broker.url, "first")


async def test_starting_twice_keeps_the_running_server(tmp_path: Path) -> None:
    async with EmbeddedNats(tmp_path) as broker:
        pid = broker.pid
        await broker.start()
        assert broker.pid == pid


async def test_stopping_ends_the_process_and_may_be_repeated(tmp_path: Path) -> None:
    broker = EmbeddedNats(tmp_path)
    await broker.stop()
    await broker.start()
    await broker.stop()
    await broker.stop()
    assert not broker.running
    assert not (tmp_path / "nats-server.pid").exists()
    with pytest.raises(EmbeddedNatsError, match="not running"):
        _ = broker.pid


async def test_two_brokers_started_at_once_get_ports_of_their_own(tmp_path: Path) -> None:
    one, other = EmbeddedNats(tmp_path / "one"), EmbeddedNats(tmp_path / "other")
    await asyncio.gather(one.start(), other.start())
    try:
        assert one.url != other.url
    finally:
        await asyncio.gather(one.stop(), other.stop())


@pytest.mark.parametrize(("sync", "written"), [("always", True), ("lazy", False)])
async def test_sync_always_reaches_the_servers_configuration(tmp_path: Path, sync: str, written: bool) -> None:
    broker = EmbeddedNats(tmp_path, sync="always" if sync == "always" else "lazy")
    async with broker:
        assert ("sync_interval: always" in (tmp_path / "nats-server.conf").read_text()) is written


async def test_a_data_directory_with_awkward_characters_works(tmp_path: Path) -> None:
    async with EmbeddedNats(tmp_path / 'a "quoted" dir with $dollar and # hash') as broker:
        await store_one(broker.url, "awkward")


async def test_the_shared_fixture_is_ready_too(nats_url: str, prefix: str) -> None:
    await store_one(nats_url, prefix)
