"""Saving and restoring everything the broker keeps: a snapshot of every stream, all of one moment.

While a backup is made the consumers are paused: what comes in meanwhile waits in the inbox, and timers that fire wait
in their stream. Without that a restored log could be older than what was made of it, or a delivery be missing that the
log takes for handed on. The consumers and their places are part of the snapshots.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from nats.js.errors import NotFoundError
from pydantic import BaseModel, ValidationError

from threedates.edge.clock import Clock
from threedates.edge.settings import Settings
from threedates.edge.snapshots import BackupError, Saved, private, restore, save, verify
from threedates.edge.topology import apply, consumers, streams
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339

MANIFEST = "backup.json"
PAUSED_FOR = timedelta(hours=2)
"""The broker ends a pause by itself after that, should nobody be left to end it."""
CALM_SECONDS = 90.0
"""Work in hand ends within the time that a delivery may take, and its record."""
_POLL_SECONDS = 0.1
Progress = Callable[[int, int], None]


class Manifest(BaseModel):
    """What a backup holds. ``at`` is in UTC."""

    format: Literal[1] = 1
    at: datetime
    prefix: str
    streams: dict[str, Saved]


async def backup(wire: Wire, settings: Settings, folder: Path, clock: Clock, progress: Progress) -> Manifest:
    """Save every stream into a folder that holds no backup. Raises BackupError, Unavailable, OSError."""
    if (folder / MANIFEST).exists():
        raise BackupError(f"{folder} holds a backup already; name another folder")
    names = [str(stream["name"]) for stream in streams(settings)]
    saved: dict[str, Saved] = {}
    async with _paused(wire, settings, clock):
        for n, name in enumerate(names):
            progress(n, len(names))
            saved[name] = await save(wire, name, folder / f"{name}.snapshot")
    progress(len(names), len(names))
    made = Manifest(at=clock(), prefix=settings.prefix, streams=saved)
    # The last file of all: a folder without it is no backup.
    with private(folder / MANIFEST) as file:
        file.write(made.model_dump_json(indent=1).encode())
    return made


def read_manifest(folder: Path) -> Manifest:
    """What the backup in a folder holds. Raises BackupError."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise BackupError(f"{folder} holds no backup: there is no {MANIFEST}") from None
    except (OSError, ValidationError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read: {type(error).__name__}") from error


async def restore_all(wire: Wire, settings: Settings, folder: Path, progress: Progress) -> Manifest:
    """Make every stream as it was saved, on a broker that holds nothing yet. Raises BackupError, Unavailable, OSError.

    Services must not run. Streams that are there and empty are replaced; those that this version adds are made.
    """
    saved = read_manifest(folder)
    if saved.prefix != settings.prefix:
        raise BackupError(f"the backup is of the prefix {saved.prefix!r}; set THREEDATES_PREFIX to that")
    for one in saved.streams.values():
        verify(one, folder)
    await _make_room(wire, settings)
    for n, (name, one) in enumerate(saved.streams.items()):
        progress(n, len(saved.streams))
        await restore(wire, name, one, folder, settings.replicas)
    progress(len(saved.streams), len(saved.streams))
    await apply(wire, settings)
    await _resume(wire, settings)
    return saved


async def _make_room(wire: Wire, settings: Settings) -> None:
    """Delete the streams that a fresh installation has made; refuse where there is anything in them."""
    found: list[str] = []
    schedules = (settings.names.timers, settings.names.polls)
    for stream in streams(settings):
        name = str(stream["name"])
        with suppress(NotFoundError):
            state = (await wire.api(f"STREAM.INFO.{name}"))["state"]
            # The sweeps' own schedules stand there from the first start on.
            if state["messages"] and name not in schedules:
                raise BackupError(f"{name} holds {state['messages']} messages: restore into a broker that is empty")
            found.append(name)
    for consumer in consumers(settings):
        with suppress(NotFoundError):
            info = await wire.api(f"CONSUMER.INFO.{consumer.stream}.{consumer.name}")
            if info["num_waiting"]:
                raise BackupError(f"a service reads {consumer.name}: stop all services, restore, start them again")
    for name in found:
        await wire.api(f"STREAM.DELETE.{name}")


@asynccontextmanager
async def _paused(wire: Wire, settings: Settings, clock: Clock) -> AsyncIterator[None]:
    """Within, no consumer gives anything out, and nothing is in hand."""
    try:
        for consumer in consumers(settings):
            until = {"pause_until": rfc3339(clock() + PAUSED_FOR)}
            await wire.api(f"CONSUMER.PAUSE.{consumer.stream}.{consumer.name}", until)
        await _calm(wire, settings)
        yield
    finally:
        await _resume(wire, settings)


async def _resume(wire: Wire, settings: Settings) -> None:
    for consumer in consumers(settings):
        await wire.api(f"CONSUMER.PAUSE.{consumer.stream}.{consumer.name}", {"pause_until": "0001-01-01T00:00:00Z"})


async def _calm(wire: Wire, settings: Settings) -> None:
    deadline = time.monotonic() + CALM_SECONDS
    for consumer in consumers(settings):
        while (await wire.api(f"CONSUMER.INFO.{consumer.stream}.{consumer.name}"))["num_ack_pending"]:
            if time.monotonic() > deadline:
                raise BackupError(
                    f"{consumer.name} has had work in hand for {CALM_SECONDS:.0f} s, so nothing was saved; "
                    "see threedates doctor, then try again"
                )
            await asyncio.sleep(_POLL_SECONDS)
