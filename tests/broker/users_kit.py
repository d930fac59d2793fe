"""What the tests of permissions share: a server with users, and the services, each with a seed of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from typer.testing import CliRunner

from tests.broker.api_kit import Api, ready, settings_of
from tests.nats_server import NatsServer
from threedates.cadence import app as cadence
from threedates.calendars import app as calendars
from threedates.cli.main import app as command
from threedates.edge.connection import connect, make_broker
from threedates.edge.permissions import OPERATOR
from threedates.edge.service import Service
from threedates.edge.settings import Settings
from threedates.edge.topology import apply
from threedates.edge.wire import Wire
from threedates.gateway.app import make as make_gateway
from threedates.intake import app as intake
from threedates.invites import app as invites
from threedates.nudges import app as nudges

SUBSCRIBERS: dict[str, Callable[[Settings], Service[Any]]] = {
    "intake": intake.make,
    "cadence": cadence.make,
    "invites": invites.make,
    "nudges": nudges.make,
    "calendars": calendars.make,
}


class Installation:
    """A server that knows the users in ``directory``, which ``threedates deploy nats-config`` has made."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.server = NatsServer(directory / "server", self._config)

    def _config(self, port: int) -> str:
        store = self.directory / "store"
        return (
            f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{store}" }}\ninclude "users.conf"\n'
            f'log_file: "{self.directory / "server" / "server.log"}"\n'
        )

    @property
    def violations(self) -> list[str]:
        """What the server has refused so far."""
        return [line for line in self.server.log.splitlines() if "iolation" in line]

    def rotate(self, user: str) -> None:
        """Give that user a new seed, and have the server know it by that alone."""
        _deploy(self.directory, "--rotate", user)
        self.server.reload()

    def seed(self, user: str) -> SecretStr:
        """A user's seed."""
        return SecretStr((self.directory / user / "seed").read_text(encoding="ascii").strip())

    def env(self, user: str) -> dict[str, str]:
        """The environment of a process that is that user."""
        return {"THREEDATES_NATS_URL": self.server.url, "THREEDATES_NATS_NKEY": self.seed(user).get_secret_value()}

    def settings(self, user: str | None, **more: Any) -> Settings:
        """The settings of a process that is that user; None is nobody."""
        made = settings_of(self.server.url, "threedates").model_copy(update=more)
        return made.model_copy(update={"nats_nkey": self.seed(user)}) if user else made

    @asynccontextmanager
    async def wire(self, user: str | None) -> AsyncIterator[Wire]:
        """The connection of a process that is that user."""
        settings = self.settings(user)
        broker = make_broker(settings, "test")
        try:
            yield await connect(broker, settings)
        finally:
            await broker.stop()

    @asynccontextmanager
    async def api(self) -> AsyncIterator[Api]:
        """All services at work, each as its own user, and the gateway's API."""
        async with AsyncExitStack() as stack:
            wire = await stack.enter_async_context(self.wire(OPERATOR))
            await apply(wire, self.settings(OPERATOR))
            for name, make in SUBSCRIBERS.items():
                service = make(self.settings(name, ack_wait=2))
                await service.start()
                stack.push_async_callback(service.stop)
            settings = self.settings("gateway")
            gateway = make_gateway(settings)
            await gateway.start()
            stack.push_async_callback(gateway.stop)
            base_url = f"http://127.0.0.1:{gateway.port}"
            client = httpx.AsyncClient(base_url=base_url, timeout=20, trust_env=False)
            http = await stack.enter_async_context(client)
            await ready(http)
            yield Api(settings, wire, http)


@asynccontextmanager
async def installation(directory: Path) -> AsyncIterator[Installation]:
    """A server with users of its own in that directory."""
    _deploy(directory)
    here = Installation(directory)
    await here.server.start()
    try:
        yield here
    finally:
        await here.server.stop()


def _deploy(directory: Path, *more: str) -> None:
    made = CliRunner().invoke(command, ["deploy", "nats-config", "--dir", str(directory), *more])
    assert made.exit_code == 0, made.output


async def doctor(nats_url: str, **env: str) -> tuple[int, str]:
    """``threedates doctor`` as a process of its own: the exit code and all it said."""
    process = await running("doctor", THREEDATES_NATS_URL=nats_url, **env)
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def running(*command: str, **env: str) -> asyncio.subprocess.Process:
    """The command as a process of its own: nats-py leaves a connection open where it was refused."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "threedates.cli", *command,
        env={**os.environ, "COLUMNS": "1000", **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def until_said(process: asyncio.subprocess.Process, text: str) -> None:
    """Wait until the process has said that."""
    assert process.stdout is not None
    async with asyncio.timeout(40):
        async for line in process.stdout:
            if text in line.decode():
                return
    raise AssertionError(f"the process has ended without {text!r}")
