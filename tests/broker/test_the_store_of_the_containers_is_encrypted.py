"""Are secrets unreadable in the files of the containers' broker, and is a store never opened with another key?

It is nats-server itself, started by the script and the configuration that docker-compose.yml mounts.
"""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client

from threedates.edge.embedded import EmbeddedNats
from threedates.edge.embedded_child import find_binary
from threedates.edge.storefiles import StoreFiles, inspect

DEPLOY = Path(__file__).parents[2] / "deploy"
SECRET = b"whsec_only-in-memory"
TIMEOUT = 60


@dataclass
class Containers:
    """What the compose file mounts into the broker's container, in a directory."""

    home: Path

    def __post_init__(self) -> None:
        self.key, self.store, self.config = self.home / "store_key", self.home / "data", self.home / "nats.conf"
        self.store.mkdir(exist_ok=True)
        self.key.write_text("sk_first\n")
        # Who may connect is another question.
        users = self.home / "users" / "users.conf"
        users.parent.mkdir()
        users.write_text("")

    def start(self) -> "subprocess.Popen[str]":
        """Start the broker as its container does, on any port, which it writes into a file."""
        text = (DEPLOY / "nats.conf").read_text()
        for there, here in (
            ("0.0.0.0:4222", "127.0.0.1:-1"),
            ("127.0.0.1:8222", "127.0.0.1:-1"),
            ('"/data"', f'"{self.store}"'),
        ):
            assert there in text
            text = text.replace(there, here)
        self.config.write_text(f'{text}\nports_file_dir: "{self.home}"\n')
        binary = find_binary(None)
        assert binary is not None
        return subprocess.Popen(
            ["/bin/sh", str(DEPLOY / "nats.sh"), str(self.key), str(self.store), "--config", str(self.config)],
            env={**os.environ, "PATH": f"{binary.parent}:{os.environ['PATH']}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Client]:
        """The broker, and a connection to it once JetStream answers."""
        process = self.start()
        try:
            client = await _client(self.home / f"nats-server_{process.pid}.ports")
            yield client
            await client.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=TIMEOUT)

    def refusal(self) -> str:
        """What a start that ends at once says."""
        process = self.start()
        said: str = process.communicate(timeout=TIMEOUT)[1]
        assert process.returncode == 1
        return said


async def _client(ports: Path) -> Client:
    async with asyncio.timeout(TIMEOUT):
        while not ports.exists() or not ports.read_text().endswith("}"):
            await asyncio.sleep(0.05)
        client = await nats.connect(json.loads(ports.read_text())["nats"][0], allow_reconnect=False)
        await client.jetstream().account_info()
    return client


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
