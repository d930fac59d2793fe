"""Reading streams by direct get: many messages for one request, past any consumer.

A request goes to ``$JS.API.DIRECT.GET.<stream>``; the answer is a row of messages closed by a status (204 end of
batch, 404 nothing there). nats-py knows only single answers, so one inbox subscription collects the rows here.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from nats.aio.client import Client
from nats.aio.msg import Msg

from threedates.edge.errors import BROKER_TROUBLE, Unavailable
from threedates.schemas.base import rfc3339

_TIMEOUT = 5.0
_BATCH = 256
_MULTI_LIMIT = 512


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored message: its subject, stream sequence, bytes, and headers."""

    subject: str
    seq: int
    data: bytes
    headers: dict[str, str]


class _Answer(NamedTuple):
    """A row, how many messages would follow it, and of a read of last ones the sequence up to which it looked."""

    messages: list[Stored]
    pending: int = 0
    up_to: int = 0


@dataclass(slots=True)
class _Row:
    is_single: bool
    messages: list[Stored]
    done: asyncio.Future[_Answer]


class DirectReader:
    """Direct gets over one connection. Call :meth:`start` once the connection is up."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._tokens = count(1)
        self._waiting: dict[str, _Row] = {}
        self._starting: asyncio.Task[Any] | None = None

    async def tail(self, stream: str, subject: str, from_seq: int) -> list[Stored]:
        """All messages of a subject (wildcards allowed) from a sequence on, inclusive. Raises Unavailable."""
        found: list[Stored] = []
        while True:
            row, pending, _ = await self._ask(
                stream, {"seq": max(1, from_seq), "next_by_subj": subject, "batch": _BATCH}
            )
            found += row
            if not row or pending <= 0:
                return found
            from_seq = row[-1].seq + 1

    async def page(
        self, stream: str, subject: str, from_seq: int, limit: int, since: datetime | None = None
    ) -> tuple[list[Stored], bool]:
        """At most so many messages of a subject from a sequence on, and whether more follow. Raises Unavailable.

        With ``since`` it begins at the first one stored then or later, wherever that is.
        """
        found: list[Stored] = []
        while True:
            begin = {"start_time": rfc3339(since)} if since and not found else {"seq": max(1, from_seq)}
            request = {**begin, "next_by_subj": subject, "batch": min(_BATCH, limit - len(found))}
            row, pending, _ = await self._ask(stream, request)
            found += row
            if not row or pending <= 0 or len(found) >= limit:
                return found, pending > 0
            from_seq = row[-1].seq + 1

    async def first(self, stream: str, subject: str, from_seq: int = 1) -> Stored | None:
        """The first message of a subject at or after a sequence, or None. Raises Unavailable."""
        # Not as a batch of one: to close a batch the broker looks for more, through all of the log that follows.
        row, *_ = await self._ask(stream, {"seq": max(1, from_seq), "next_by_subj": subject})
        return row[0] if row else None

    async def at(self, stream: str, seq: int) -> Stored | None:
        """The message of that sequence, or None. Raises Unavailable."""
        row, *_ = await self._ask(stream, {"seq": seq})
        return row[0] if row else None

    async def ends(self, stream: str, subjects: list[str]) -> tuple[list[Stored], int]:
        """The last message of each of a few subjects, and the stream's own last sequence at that moment; 0 where none
        of them has any. Raises Unavailable.
        """
        row, _, last = await self._ask(stream, {"multi_last": subjects})
        return row, last

    async def last_of(self, stream: str, subjects: list[str], up_to: int = 0) -> list[Stored]:
        """The last message of every subject that matches, deletions left out. Raises Unavailable.

        With ``up_to`` only what has that sequence or an earlier one counts.
        """
        found: list[Stored] = []
        limit = {"up_to_seq": up_to} if up_to else {}
        for at in range(0, len(subjects), _MULTI_LIMIT):
            row, *_ = await self._ask(stream, {"multi_last": subjects[at : at + _MULTI_LIMIT], **limit})
            found += [stored for stored in row if "KV-Operation" not in stored.headers]
        return found

    async def _ask(self, stream: str, request: dict[str, Any]) -> _Answer:
        if self._starting is None:
            self._starting = asyncio.create_task(self._client.subscribe(f"{self._inbox}.*", cb=self._receive))
        token = str(next(self._tokens))
        row = _Row(
            "batch" not in request and "multi_last" not in request, [], asyncio.get_running_loop().create_future()
        )
        self._waiting[token] = row
        try:
            await self._starting
            reply = f"{self._inbox}.{token}"
            await self._client.publish(f"$JS.API.DIRECT.GET.{stream}", json.dumps(request).encode(), reply=reply)
            async with asyncio.timeout(_TIMEOUT):
                return await row.done
        except BROKER_TROUBLE as error:
            raise Unavailable(f"the broker did not answer a read of {stream}: {error!r}") from error
        finally:
            self._waiting.pop(token, None)

    async def _receive(self, message: Msg) -> None:
        row = self._waiting.get(message.subject.rpartition(".")[2])
        if row is None or row.done.done():
            return
        headers: dict[str, str] = message.headers or {}
        status = headers.get("Status")
        if status is None:
            row.messages.append(Stored(headers["Nats-Subject"], int(headers["Nats-Sequence"]), message.data, headers))
            if row.is_single:
                row.done.set_result(_Answer(row.messages))
        elif status == "204":
            pending, up_to = headers.get("Nats-Num-Pending", "0"), headers.get("Nats-UpTo-Sequence", "0")
            row.done.set_result(_Answer(row.messages, int(pending), int(up_to)))
        elif status == "404":
            row.done.set_result(_Answer(row.messages))
        else:
            description = headers.get("Description", "")
            row.done.set_exception(Unavailable(f"the broker refused a read: {status} {description}".strip()))
