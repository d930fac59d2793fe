"""The broker as the containers have it: nats-server itself, started by the script and configuration they mount."""

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
from nats.aio.client import Client

from threedates.edge.embedded_child import find_binary

DEPLOY = Path(__file__).parents[2] / "deploy"
TIMEOUT = 60


@dataclass
class Containers:
    """What the compose file mounts into the broker's container, in a directory."""

    home: Path

    def __post_init__(self) -> None:
        self.key, self.store, self.users = (self.home / name for name in ("store_key", "data", "users/users.conf"))
        self.replicas = self.home / "nodes" / "replicas"
        for directory in (self.store, self.users.parent, self.replicas.parent):
            directory.mkdir()
        self.replicas.write_text("1\n")
        self.key.write_text("sk_first\n")
        # Anybody may connect.
        self.users.write_text("")

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
        (self.home / "nats.conf").write_text(f'{text}\nports_file_dir: "{self.home}"\n')
        binary = find_binary(None)
        assert binary is not None
        return subprocess.Popen(
            ["/bin/sh", str(DEPLOY / "nats.sh"), str(self.home), str(self.key), str(self.store)],
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
            client = await nats.connect(await self.url(process.pid), allow_reconnect=False)
            async with asyncio.timeout(TIMEOUT):
                await client.jetstream().account_info()
            yield client
            await client.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=TIMEOUT)

    async def url(self, pid: int) -> str:
        """Where the broker listens, once it does."""
        ports = self.home / f"nats-server_{pid}.ports"
        async with asyncio.timeout(TIMEOUT):
            while not ports.exists() or not ports.read_text().endswith("}"):
                await asyncio.sleep(0.05)
        return str(json.loads(ports.read_text())["nats"][0])

    def tell(self, users: str) -> None:
        """Write the users anew, whole or not at all, as ``threedates deploy nats-config`` does."""
        unfinished = self.users.with_name("unfinished")
        unfinished.write_text(users)
        unfinished.replace(self.users)

    def refusal(self) -> str:
        """What a start that ends at once says."""
        process = self.start()
        said: str = process.communicate(timeout=TIMEOUT)[1]
        assert process.returncode == 1
        return said
