"""One stream as a file and back, by the broker's own snapshots (``$JS.API.STREAM.SNAPSHOT`` and ``RESTORE``).

The file is the broker's: its blocks packed, with the consumers and their places. The broker sends it in pieces to an
inbox and waits for each to be acknowledged; restored, it is sent back the same way to a subject the broker names.
"""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from nats.aio.msg import Msg
from nats.js.errors import APIError
from pydantic import BaseModel

from threedates.edge.errors import BROKER_TROUBLE, EdgeError, Unavailable
from threedates.edge.wire import Wire, result_of

_CHUNK = 128 * 1024
_STALLED_SECONDS = 60.0
# What a snapshot of several pieces ends with; one that fits into one ends without a status.
_WHOLE = "204"


class BackupError(EdgeError):
    """A backup that cannot be made or restored; the message says why and what to do."""


class Saved(BaseModel):
    """One stream of a backup: its file, what is in it, and what the broker has to be told of it."""

    file: str
    messages: int
    sha256: str
    config: dict[str, Any]
    state: dict[str, Any]


def private(path: Path) -> BinaryIO:
    """A new file, readable by its owner alone. Raises OSError, also where it is there."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


async def save(wire: Wire, stream: str, path: Path) -> Saved:
    """Write a stream into a file, readable by its owner alone. Raises BackupError, Unavailable, OSError."""
    client = wire.client
    pieces: asyncio.Queue[Msg] = asyncio.Queue()
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox, cb=pieces.put)
    digest = hashlib.sha256()
    try:
        request = {"deliver_subject": inbox, "chunk_size": _CHUNK, "no_consumers": False}
        answer = await _api(wire, f"STREAM.SNAPSHOT.{stream}", request)
        with private(path) as file:
            while data := await _next(pieces, stream):
                digest.update(data.data)
                file.write(data.data)
                if data.reply:
                    await client.publish(data.reply, b"")
    finally:
        await subscription.unsubscribe()
    state = answer["state"]
    return Saved(
        file=path.name,
        messages=state["messages"],
        sha256=digest.hexdigest(),
        config=answer["config"],
        state=state,
    )


def verify(saved: Saved, folder: Path) -> None:
    """Raises BackupError where a file is not what was saved, OSError where it cannot be read."""
    path = folder / saved.file
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != saved.sha256:
            raise BackupError(f"{path} is not what was saved: it has another checksum. Restore from another copy.")


async def restore(wire: Wire, stream: str, saved: Saved, folder: Path, replicas: int) -> None:
    """Make a stream, which must not be there, from its file. Raises BackupError, Unavailable, OSError."""
    request = {"config": {**saved.config, "num_replicas": replicas}, "state": saved.state}
    subject = str((await _api(wire, f"STREAM.RESTORE.{stream}", request))["deliver_subject"])
    with (folder / saved.file).open("rb") as file:
        while piece := file.read(_CHUNK):
            await _send(wire, subject, piece)
    done = await _send(wire, subject, b"")
    try:
        result_of(done)
    except APIError as error:
        raise BackupError(f"the broker did not restore {stream}: {error.description}") from error


async def _api(wire: Wire, call: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return await wire.api(call, request)
    except APIError as error:
        raise BackupError(f"the broker refused {call}: {error.description}") from error


async def _next(pieces: "asyncio.Queue[Msg]", stream: str) -> Msg | None:
    """The next piece, None after the last. Raises Unavailable where none comes."""
    try:
        async with asyncio.timeout(_STALLED_SECONDS):
            piece = await pieces.get()
    except TimeoutError:
        raise Unavailable(f"the broker sends nothing more of {stream}") from None
    status = (piece.headers or {}).get("Status")
    if status not in (None, _WHOLE) and not piece.data:
        raise BackupError(f"the broker broke the snapshot of {stream} off: {piece.headers}")
    return piece if piece.data else None


async def _send(wire: Wire, subject: str, piece: bytes) -> bytes:
    try:
        answer = await wire.client.request(subject, piece, timeout=_STALLED_SECONDS)
    except BROKER_TROUBLE as error:
        raise Unavailable(f"the broker does not take the snapshot any more: {error!r}") from error
    return bytes(answer.data)
