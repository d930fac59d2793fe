"""`threedates up --demo`, as a newcomer runs it: a nudge within seconds, and everything kept through kill -9."""

import asyncio
import json
import os
import signal
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.commands import free_port, running_until


@asynccontextmanager
async def up(data: Path, stop: signal.Signals = signal.SIGINT) -> AsyncIterator[tuple[dict[str, Any], list[str]]]:
    """The command running in a directory of its own: `up.json`, and the lines it prints until the first nudge."""
    where = ("--data-dir", str(data), "--http", f"127.0.0.1:{free_port()}", "--nats-port", "0")
    async with running_until("nudge.", "up", "--demo", *where, stop=stop) as lines:
        yield json.loads((data / "up.json").read_text(encoding="utf-8")), lines


def shown(lines: list[str]) -> str:
    """What the terminal showed."""
    return "".join(lines)


@pytest.mark.timeout(120)
async def test_the_first_start_shows_all_and_brings_a_signed_nudge_with_its_invite(tmp_path: Path) -> None:
    """What the README promises of its first command."""
    async with up(tmp_path / "home") as (told, lines), httpx.AsyncClient() as client:
        text = shown(lines)
        assert told["api_key"] in text
        assert told["demo"]["feed_url"] in text
        assert told["demo"]["page_url"] in text
        assert "signature ok" in lines[-1]
        feed = await client.get(told["demo"]["feed_url"])
        assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
        assert f"UID:{told['demo']['couple_id']}-fun-1@threedates" in feed.text
        page = await client.get(told["demo"]["page_url"])
        assert page.status_code == 200
        assert "sam" in page.text
        mode = stat.S_IMODE((tmp_path / "home" / "up.json").stat().st_mode)
        assert mode == 0o600


@pytest.mark.timeout(120)
async def test_a_second_start_keeps_everything_though_the_first_was_killed(tmp_path: Path) -> None:
    """Couple, key, feed and secrets are the same; the API key is shown only once; the next cycle brings a nudge."""
    home = tmp_path / "home"
    async with up(home, signal.SIGKILL) as (first, lines):
        assert first["api_key"] in shown(lines)
    async with up(home) as (second, lines), httpx.AsyncClient(base_url=second["http"]) as client:
        assert second["api_key"] == first["api_key"]
        assert second["api_key"] not in shown(lines)
        assert second["demo"]["couple_id"] == first["demo"]["couple_id"]
        headers = {"Authorization": f"Bearer {second['api_key']}"}
        status = await client.get(f"/v1/couples/{second['demo']['couple_id']}/status", headers=headers)
        assert status.json()["kinds"]["fun"]["last_held"] is not None


@pytest.mark.timeout(120)
async def test_a_start_brings_a_nudge_whatever_the_demo_couple_did(tmp_path: Path) -> None:
    """People try things out: they agree on a date, or leave. The next start must show something all the same."""
    home = tmp_path / "home"
    async with up(home) as (first, _), httpx.AsyncClient(base_url=first["http"]) as client:
        headers = {"Authorization": f"Bearer {first['api_key']}"}
        path = f"/v1/couples/{first['demo']['couple_id']}"
        status = (await client.get(f"{path}/status", headers=headers)).json()
        uid = status["kinds"]["fun"]["date"]["uid"]
        answer = await client.post(f"{path}/dates/{uid}/accept?wait=5", json={"by": "alex"}, headers=headers)
        assert answer.json()["status"]["kinds"]["fun"]["date"]["status"] == "scheduled"
    async with up(home) as (second, _), httpx.AsyncClient(base_url=second["http"]) as client:
        assert second["demo"]["couple_id"] == first["demo"]["couple_id"]
        assert (await client.delete(f"{path}?wait=5", headers=headers)).is_success
    async with up(home) as (third, _):
        assert third["demo"]["couple_id"] != first["demo"]["couple_id"]


@pytest.mark.timeout(120)
async def test_a_server_that_was_killed_is_started_again(tmp_path: Path) -> None:
    """The machine ran out of memory, or somebody ended the wrong process: nobody has to start anything."""
    home = tmp_path / "home"
    async with up(home) as (told, _), httpx.AsyncClient() as client:
        pid_file = home / "nats" / "nats-server.pid"
        killed = int(pid_file.read_text())
        os.kill(killed, signal.SIGKILL)
        async with asyncio.timeout(60):
            while not pid_file.exists() or int(pid_file.read_text() or killed) == killed:
                await asyncio.sleep(0.1)
            while (await client.get(f"{told['http']}/readyz")).status_code != 200:
                await asyncio.sleep(0.1)
        feed = await client.get(told["demo"]["feed_url"])
        assert f"UID:{told['demo']['couple_id']}-fun-1@threedates" in feed.text
