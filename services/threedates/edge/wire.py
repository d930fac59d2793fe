"""One connection to the broker and everything spoken over it: publishes that are acknowledged, reads, buckets.

A service gets one :class:`Wire`, made from its FastStream broker's connection. Trouble with the broker comes out as
``Unavailable``, a lost compare-and-set as ``Conflict``; nothing else of nats-py's errors is for callers.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

from threedates.edge import tracing
from threedates.edge.directget import DirectReader
from threedates.edge.errors import BROKER_TROUBLE, Conflict, Unavailable, is_conflict
from threedates.schemas.base import rfc3339
from threedates.schemas.subjects import Names

_TIMEOUT = 5.0
# For each page of subjects the broker puts all that match in order: seconds, where there are millions.
_PAGE_TIMEOUT = 60.0
SUBJECTS_A_PAGE = 100_000
"""So many subjects the broker tells at once, whoever asks."""
EXPECTED_SEQ = "Nats-Expected-Last-Subject-Sequence"
EXPECTED_SUBJECT = "Nats-Expected-Last-Subject-Sequence-Subject"


@dataclass(frozen=True, slots=True)
class Kept:
    """A bucket's entry: its key, the bytes, and the revision a compare-and-set goes by."""

    key: str
    data: bytes
    revision: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the subjects that match, in order, and how many match in all."""

    subjects: list[str]
    total: int


class Wire:
    """Speaks JetStream for one service."""

    def __init__(self, client: Client, names: Names) -> None:
        self.client = client
        self.names = names
        self.reader = DirectReader(client)

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands at this moment."""
        return bool(self.client.is_connected)

    async def api(self, call: str, body: dict[str, Any] | None = None, seconds: float = _TIMEOUT) -> dict[str, Any]:
        """A JetStream API call. Raises APIError for the broker's own refusals, Unavailable for trouble."""
        answer = await self._request(f"$JS.API.{call}", json.dumps(body).encode() if body else b"", None, seconds)
        return result_of(answer)

    async def publish(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> int:
        """Store a message; returns its stream sequence. Raises Conflict and Unavailable."""
        try:
            return int(result_of(await self._request(subject, data, tracing.carried(headers)))["seq"])
        except APIError as error:
            if is_conflict(error):
                raise Conflict(f"{subject} has grown meanwhile") from error
            raise Unavailable(f"the broker did not store a message on {subject}: {error.description}") from error

    async def schedule(self, subject: str, target: str, at: datetime, data: bytes) -> int:
        """Have a message published to ``target`` at an instant (ADR-51); the subject holds one schedule at a time."""
        return await self.publish(
            subject, data, {"Nats-Schedule": f"@at {rfc3339(at)}", "Nats-Schedule-Target": target}
        )

    async def announce(self, subject: str, data: bytes) -> None:
        """Publish on plain NATS, kept by nobody. Trouble is no matter: nobody counts on it."""
        if self.is_connected:
            await self.client.publish(subject, data)

    async def purge(self, stream: str, subject: str) -> None:
        """Remove every message of a subject (wildcards allowed) from a stream. Raises Unavailable."""
        try:
            await self.api(f"STREAM.PURGE.{stream}", {"filter": subject})
        except APIError as error:
            raise Unavailable(f"the broker did not purge {subject}: {error.description}") from error

    async def remove(self, stream: str, seq: int) -> None:
        """Remove the message of a sequence; nothing where it is not there any more. Raises Unavailable."""
        try:
            await self.api(f"STREAM.MSG.DELETE.{stream}", {"seq": seq, "no_erase": True})
        except NotFoundError:
            return
        except APIError as error:
            if error.code != 400:  # 400: the message is not there any more
                raise Unavailable(f"the broker did not remove a message of {stream}: {error.description}") from error

    async def get(self, bucket: str, key: str) -> Kept | None:
        """One entry of a bucket, or None. Raises Unavailable."""
        found = await self.get_all(bucket, [key])
        return found[0] if found else None

    async def get_all(self, bucket: str, keys: list[str]) -> list[Kept]:
        """All entries whose keys match (``<couple>.>`` and the like), sorted by key. Raises Unavailable."""
        start = len(self.names.bucket_subject(bucket, ""))
        subjects = [self.names.bucket_subject(bucket, key) for key in keys]
        found = await self.reader.last_of(self.names.bucket_stream(bucket), subjects)
        return sorted((Kept(s.subject[start:], s.data, s.seq) for s in found), key=lambda kept: kept.key)

    async def put(self, bucket: str, key: str, data: bytes, revision: int | None = None) -> int:
        """Keep an entry; returns its revision. With ``revision`` (0: must be new) raises Conflict if it moved on."""
        headers = None if revision is None else {EXPECTED_SEQ: str(revision)}
        return await self.publish(self.names.bucket_subject(bucket, key), data, headers)

    async def delete(self, bucket: str, key: str) -> None:
        """Remove an entry, leaving the marker the key-value convention asks for. Raises Unavailable."""
        await self.publish(self.names.bucket_subject(bucket, key), b"", {"KV-Operation": "DEL"})

    async def subjects(self, stream: str, pattern: str) -> AsyncIterator[str]:
        """Every subject of a stream that matches. Raises Unavailable."""
        offset = 0
        while True:
            page = await self.page(stream, pattern, offset)
            for subject in page.subjects:
                yield subject
            offset += len(page.subjects)
            if not page.subjects or offset >= page.total:
                return

    async def page(self, stream: str, pattern: str, offset: int, size: int = SUBJECTS_A_PAGE) -> Page:
        """At most so many subjects of a stream that match, from the one with that number on. Raises Unavailable."""
        info = await self._matching(stream, pattern, offset, _PAGE_TIMEOUT)
        return Page(sorted(info["state"].get("subjects") or ())[:size], int(info.get("total", 0)))

    async def counts(self, stream: str, pattern: str) -> tuple[dict[str, int], int]:
        """How many messages each subject that matches has, few as they are; and the stream's last sequence.

        As the leader knows it. Raises Unavailable.
        """
        state = (await self._matching(stream, pattern, 0, _TIMEOUT))["state"]
        return state.get("subjects") or {}, int(state["last_seq"])

    async def leader_last(self, stream: str, subject: str) -> int | None:
        """The sequence of a subject's last message (wildcards allowed) as the leader knows it. Raises Unavailable."""
        found = await self._of_leader(stream, {"last_by_subj": subject})
        return int(found["seq"]) if found else None

    async def leader_subject(self, stream: str, seq: int) -> str | None:
        """The subject of the message of that sequence as the stream's leader knows it, or None. Raises Unavailable."""
        found = await self._of_leader(stream, {"seq": seq})
        return str(found["subject"]) if found else None

    async def _matching(self, stream: str, pattern: str, offset: int, seconds: float) -> dict[str, Any]:
        request = {"subjects_filter": pattern, "offset": offset}
        try:
            return await self.api(f"STREAM.INFO.{stream}", request, seconds)
        except APIError as error:
            raise Unavailable(f"the broker refused to count {pattern}: {error.description}") from error

    async def _of_leader(self, stream: str, request: dict[str, Any]) -> dict[str, Any] | None:
        try:
            message: dict[str, Any] = (await self.api(f"STREAM.MSG.GET.{stream}", request))["message"]
        except NotFoundError:
            return None
        except APIError as error:
            raise Unavailable(f"the broker refused a read of {stream}: {error.description}") from error
        return message

    async def _request(
        self, subject: str, data: bytes, headers: dict[str, str] | None, seconds: float = _TIMEOUT
    ) -> bytes:
        try:
            answer = await self.client.request(subject, data, timeout=seconds, headers=headers)
        except BROKER_TROUBLE as error:
            raise Unavailable(f"the broker did not answer on {subject}: {error!r}") from error
        return bytes(answer.data)


def result_of(answer: bytes) -> dict[str, Any]:
    """The JetStream API's answer. Raises APIError where it is a refusal."""
    result: dict[str, Any] = json.loads(answer)
    if "error" in result:
        raise APIError.from_error(result["error"])
    return result
