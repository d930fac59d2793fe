"""The store of webhook endpoints: one bucket, read afresh whenever it matters, changed by compare-and-set.

An endpoint belongs to a couple or to an API key (``key-<key_id>``); its id is ``<owner>_<rest>`` and its bucket key
``<owner>.<rest>``, so that everything of a couple's can be read, and purged, by its id.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from pydantic import Field

from threedates.core.signing import format_secret
from threedates.edge.errors import Conflict, EdgeError
from threedates.edge.wire import Kept, Wire
from threedates.schemas.base import Instant, Kind
from threedates.schemas.webhook import Endpoint

BUCKET = "endpoints"
MAX_PER_OWNER = 10
# One read answers with at most 1,024 entries; this many owners cannot have more between them.
OWNERS_PER_READ = 1_024 // MAX_PER_OWNER
ROTATION = timedelta(hours=24)
SECRET_BYTES = 32
_TRIES = 5


class TooManyEndpointsError(EdgeError):
    """The owner has as many endpoints as it may."""


class Choices(TypedDict, total=False):
    """What its owner chooses of an endpoint; the defaults are the model's."""

    types: tuple[str, ...]
    kinds: tuple[Kind, ...] | None
    partners: tuple[str, ...] | None
    format: str
    headers: dict[str, str]
    per_minute: int | None


class KeptEndpoint(Endpoint):
    """An endpoint as it is kept: after a rotation with the secret before, which still signs until then (UTC).

    ``failing_since`` says since when it brought nothing but failures, ``warned`` at what percent of the way to being
    disabled that was last spoken of, and when; see ``threedates.core.health``. ``granted_at`` is when its receiver
    agreed to CloudEvents, and to how many a minute.
    """

    previous_secret: str | None = Field(default=None, repr=False)
    previous_until: Instant | None = None
    failing_since: Instant | None = None
    warned: int = 0
    warned_at: Instant | None = None
    granted_at: Instant | None = None
    granted_per_minute: int | None = None

    @property
    def is_in_trouble(self) -> bool:
        """Whether nothing gets through to it at present: it only fails, or is disabled."""
        return self.disabled is not None or self.failing_since is not None

    def secrets_at(self, now: datetime) -> tuple[str, ...]:
        """The secrets to sign with, the newest first."""
        if self.previous_secret is None or self.previous_until is None or now >= self.previous_until:
            return (self.secret,)
        return (self.secret, self.previous_secret)


def key_owner(key_id: str) -> str:
    """The owner under which an API key's endpoints stand."""
    return f"key-{key_id}"


def new_secret() -> str:
    """A fresh ``whsec_…`` secret."""
    return format_secret(secrets.token_bytes(SECRET_BYTES))


class Endpoints:
    """Makes, finds, changes and removes endpoints. All methods raise Unavailable when the broker is away."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def create(
        self,
        owner: str,
        url: str,
        now: datetime,
        secret: str | None = None,
        *,
        rest: str | None = None,
        **fields: Unpack[Choices],
    ) -> KeptEndpoint:
        """A new endpoint of a couple or ``key-…``; without a secret one is made. Raises TooManyEndpointsError.

        ``rest`` is what its id is to end in: made again, it stays as it is. Raises Conflict where that one was deleted.
        All else is taken as it is: the caller has checked it (``url_refusal``, ``secret_bytes``, ``header_refusal``).
        """
        there = await self.of_owner(owner)
        endpoint_id = f"{owner}_{rest or secrets.token_hex(8)}"
        if found := next((one for one in there if one.id == endpoint_id), None):
            return found
        if len(there) >= MAX_PER_OWNER:
            raise TooManyEndpointsError(f"{owner} has {MAX_PER_OWNER} endpoints, which is the most; delete one first")
        endpoint = KeptEndpoint(
            id=endpoint_id,
            owner=owner,
            url=url,
            secret=secret or new_secret(),
            created_at=now,
            **fields,
        )
        try:
            await self._wire.put(BUCKET, _key(endpoint.id), _bytes(endpoint), revision=0)
        except Conflict:
            # The same request, sent twice at once; or one that was deleted since, of which a marker stays.
            found = await self.get(endpoint.id)
            if found is None:
                raise
            return found
        return endpoint

    async def get(self, endpoint_id: str) -> KeptEndpoint | None:
        """The endpoint of that id, or None."""
        return (await self.by_ids([endpoint_id])).get(endpoint_id)

    async def by_ids(self, ids: Iterable[str]) -> dict[str, KeptEndpoint]:
        """The endpoints of those ids that exist, in one read."""
        keys = sorted({_key(endpoint_id) for endpoint_id in ids})
        return {e.id: e for e in map(_parse, await self._wire.get_all(BUCKET, keys))} if keys else {}

    async def of_owner(self, owner: str) -> list[KeptEndpoint]:
        """All endpoints of a couple or ``key-…``, the oldest first."""
        return (await self.of_owners([owner])).get(owner, [])

    async def of_owners(self, owners: Iterable[str]) -> dict[str, list[KeptEndpoint]]:
        """All endpoints of several owners, by owner, in as few reads as they fit."""
        wanted = sorted(set(owners))
        found: dict[str, list[KeptEndpoint]] = {}
        for at in range(0, len(wanted), OWNERS_PER_READ):
            keys = [f"{owner}.*" for owner in wanted[at : at + OWNERS_PER_READ]]
            for endpoint in map(_parse, await self._wire.get_all(BUCKET, keys)):
                found.setdefault(endpoint.owner, []).append(endpoint)
        for endpoints in found.values():
            endpoints.sort(key=lambda e: (e.created_at, e.id))
        return found

    async def change(self, endpoint_id: str, how: Callable[[KeptEndpoint], KeptEndpoint]) -> KeptEndpoint | None:
        """Replace an endpoint by what ``how`` makes of it; None where there is none. Raises Conflict when contended."""
        for _ in range(_TRIES):
            kept = await self._wire.get(BUCKET, _key(endpoint_id))
            if kept is None:
                return None
            before = _parse(kept)
            after = how(before)
            if after == before:
                return before
            try:
                await self._wire.put(BUCKET, kept.key, _bytes(after), kept.revision)
            except Conflict:
                continue
            return after
        raise Conflict(f"the endpoint {endpoint_id} is being changed by others")

    async def rotate(self, endpoint_id: str, now: datetime, secret: str | None = None) -> KeptEndpoint | None:
        """Give it a new secret; for 24 hours both sign. None where there is no such endpoint."""
        fresh = secret or new_secret()

        def rotated(endpoint: KeptEndpoint) -> KeptEndpoint:
            return endpoint.model_copy(
                update={"secret": fresh, "previous_secret": endpoint.secret, "previous_until": now + ROTATION}
            )

        return await self.change(endpoint_id, rotated)

    async def disable_gone(self, endpoint_id: str) -> KeptEndpoint | None:
        """Disable an endpoint that answered 410; None where there is none or it already was."""
        changed: list[KeptEndpoint] = []

        def gone(endpoint: KeptEndpoint) -> KeptEndpoint:
            changed.clear()
            if endpoint.disabled is not None:
                return endpoint
            changed.append(endpoint.model_copy(update={"disabled": "gone"}))
            return changed[0]

        await self.change(endpoint_id, gone)
        return changed[0] if changed else None

    async def delete(self, endpoint_id: str) -> bool:
        """Remove it; whether it was there."""
        if await self.get(endpoint_id) is None:
            return False
        await self._wire.delete(BUCKET, _key(endpoint_id))
        return True


def _key(endpoint_id: str) -> str:
    owner, _, rest = endpoint_id.rpartition("_")
    # An id that is none must not become a wildcard or somebody else's key; no entry has this one.
    return f"{owner}.{rest}" if owner and rest and not set(endpoint_id) & set(".*> \t\r\n") else "_._"


def _parse(kept: Kept) -> KeptEndpoint:
    return KeptEndpoint.model_validate_json(kept.data)


def _bytes(endpoint: KeptEndpoint) -> bytes:
    return endpoint.model_dump_json().encode()
