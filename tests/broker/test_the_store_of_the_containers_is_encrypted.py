"""Are secrets unreadable in the files of the containers' broker, and is a store never opened with another key?

It is nats-server itself, started by the script and the configuration that docker-compose.yml mounts.
"""

from pathlib import Path

import nats
import pytest
from nats.aio.client import Client

from tests.broker.containers_kit import Containers
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.storefiles import StoreFiles, inspect

SECRET = b"whsec_only-in-memory"


async def keep(client: Client) -> None:
    """Store the secret as an endpoint's is stored."""
    bucket = await client.jetstream().create_key_value(bucket="endpoints")
    await bucket.put("c1.1", SECRET)


async def kept(client: Client) -> bytes | None:
    """The secret as it is stored."""
    bucket = await client.jetstream().key_value("endpoints")
    return (await bucket.get("c1.1")).value


def shown(store: Path) -> list[Path]:
    """The files in which the secret can be read."""
    return [path for path in store.rglob("*") if path.is_file() and SECRET in path.read_bytes()]


async def test_no_file_shows_a_secret_and_another_key_or_none_starts_nothing(tmp_path: Path) -> None:
    """nats-server would start with an empty store, and a stream created anew would be the end of the one that was."""
    containers = Containers(tmp_path)
    async with containers.running() as client:
        await keep(client)
        assert inspect(containers.store) == StoreFiles(1, 1)
    assert shown(containers.store) == []
    containers.key.write_text("sk_second\n")
    assert "is not the one" in containers.refusal()
    containers.key.unlink()
    assert "There is no key" in containers.refusal()
    containers.key.write_text("sk_first\n")
    async with containers.running() as client:
        assert await kept(client) == SECRET


async def test_a_store_from_before_is_encrypted_by_the_first_start_with_a_key(tmp_path: Path) -> None:
    containers = Containers(tmp_path)
    async with EmbeddedNats(containers.store) as plain:
        client = await nats.connect(plain.url, allow_reconnect=False)
        await keep(client)
        await client.close()
    assert inspect(containers.store) == StoreFiles(1, 0)
    assert shown(containers.store) != []
    async with containers.running() as client:
        assert await kept(client) == SECRET
    assert inspect(containers.store) == StoreFiles(1, 1)
    assert shown(containers.store) == []


def test_a_store_that_is_not_there_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """Whoever mistypes the directory must not read that all is encrypted."""
    with pytest.raises(FileNotFoundError):
        inspect(tmp_path / "mistyped")
