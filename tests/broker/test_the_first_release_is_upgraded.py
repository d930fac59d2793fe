"""Does everything that the first release kept live on under this one?

``tests/golden/store/release-0.1`` is a backup that it wrote, never to be written anew: two couples and one that left,
dates in every state, a feed of a partner's own, an endpoint, timers, and a snapshot by the fold of its time. What it
said of them stands beside it, with the key its links were signed with.
"""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from tests.broker.edge_kit import Edge, edge
from tests.broker.nudges_kit import Receiver, receiving
from tests.core.meaning import meaning
from tests.e2e.commands import free_port
from threedates.cadence import app as cadence
from threedates.cli.main import app
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.endpoints import Endpoints, key_owner
from threedates.edge.topology import differences
from threedates.gateway import app as gateway
from threedates.invites import app as invites
from threedates.nudges import app as nudges
from threedates.schemas.log import Booked

RELEASE = Path(__file__).parents[1] / "golden" / "store" / "release-0.1"
SAID: dict[str, Any] = json.loads(RELEASE.with_suffix(".1.expected.json").read_text(encoding="utf-8"))


@asynccontextmanager
async def _restored(directory: Path) -> AsyncIterator[Edge]:
    """What the release kept, on a broker of its own, and the topology of this one applied to it."""
    backup = shutil.copytree(RELEASE, directory / "backup")
    async with (
        EmbeddedNats(directory / "nats") as fresh,
        edge(fresh.url, "threedates", allow_networks="127.0.0.0/8") as e,
    ):
        env = {"THREEDATES_NATS_URL": fresh.url, "COLUMNS": "300"}
        for command in (["restore", str(backup)], ["topology", "apply", "--change"]):
            result = await asyncio.to_thread(CliRunner().invoke, app, command, env=env)
            assert result.exit_code == 0, result.output
        yield e


async def test_couples_feeds_and_nudges_go_on(tmp_path: Path) -> None:
    """The same state, dates and links; and what happens now is decided and told."""
    async with _restored(tmp_path) as e, receiving() as receiver:
        assert await differences(e.wire, e.settings) == []
        couples = {couple: await Couples(e.wire).load(couple) for couple in SAID["couples"]}
        assert {couple: state and meaning(state) for couple, state in couples.items()} == SAID["couples"]
        assert await _feeds(e) == SAID["feeds"]
        assert await Endpoints(e.wire).get(SAID["endpoint"]) is not None
        await _told(e, receiver)


async def _feeds(e: Edge) -> dict[str, list[str]]:
    """Each feed by the link that was given out then, as of then: UID, SEQUENCE and STATUS of its events."""
    saved_at = datetime.fromisoformat(SAID["saved_at"])
    address = f"127.0.0.1:{free_port()}"
    settings = e.settings.model_copy(update={"http": address, "secret_key": SAID["secret_key"]})
    service = gateway.make(type(settings).model_validate(settings.model_dump()), lambda: saved_at)
    await service.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False) as client:
            answers = {path: await client.get(path) for path in SAID["feeds"]}
    finally:
        await service.stop()
    return {path: _events(answer.raise_for_status().text) for path, answer in answers.items()}


def _events(calendar: str) -> list[str]:
    found = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", calendar.replace("\r\n ", ""), re.DOTALL)
    return sorted(
        " ".join(re.findall(rf"(?m)^{name}:(.*?)\r$", event)[0] for name in ("UID", "SEQUENCE", "STATUS"))
        for event in found
    )


async def _told(e: Edge, receiver: Receiver) -> None:
    """A date that is reported now brings the next proposal, and the nudge about it a webhook."""
    couple_id = next(iter(SAID["couples"]))
    state = await Couples(e.wire).load(couple_id)
    assert state is not None
    now = system_clock()
    await Endpoints(e.wire).create(key_owner(state.key_id), receiver.url, now)
    async with AsyncExitStack() as stack:
        for make in (cadence.make, invites.make, nudges.make):
            service = make(e.settings)
            await service.start()
            stack.push_async_callback(service.stop)
        held = Booked(
            id="now", at=now, by="sam", kind="emotional", start=now - timedelta(hours=2), end=now, status="held"
        )
        await e.couples.append_fact(couple_id, held)
        async with asyncio.timeout(60):
            while not any(_is_about_the_next(body) for _, body in receiver.requests):
                await asyncio.sleep(0.05)


def _is_about_the_next(body: bytes) -> bool:
    webhook = json.loads(body)
    return bool(webhook["type"] == "nudge.proposed" and webhook["data"]["kind"] == "emotional")
