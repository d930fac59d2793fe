"""Are endpoints kept by owner, changed without losing a change, and never found by an id that is none?"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.broker.nudges_kit import world
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import MAX_PER_OWNER, ROTATION, KeptEndpoint, TooManyEndpointsError

URL = "https://example.com/hook"


def hears(kind: str) -> Callable[[KeptEndpoint], KeptEndpoint]:
    return lambda endpoint: endpoint.model_copy(update={"types": (*endpoint.types, kind)})


async def test_each_owner_has_its_own(nats_url: str, prefix: str) -> None:
    """A couple's id that begins another's is no reason to see them."""
    async with world(nats_url, prefix) as here:
        now = system_clock()
        mine = [await here.endpoints.create("ada", URL, now + timedelta(seconds=n)) for n in range(2)]
        other = await here.endpoints.create("ada-2", URL, now)
        assert await here.endpoints.of_owner("ada") == mine
        found = await here.endpoints.of_owners(["ada", "ada-2", "nobody"])
        assert found == {"ada": mine, "ada-2": [other]}
        assert mine[0].secret != mine[1].secret
        assert mine[0].secret not in repr(mine[0])


async def test_one_owner_has_a_bounded_number(nats_url: str, prefix: str) -> None:
    """One couple must not make every batch's read too long."""
    async with world(nats_url, prefix) as here:
        for _ in range(MAX_PER_OWNER):
            await here.endpoints.create("ada", URL, system_clock())
        with pytest.raises(TooManyEndpointsError, match="delete one first"):
            await here.endpoints.create("ada", URL, system_clock())


async def test_changes_at_the_same_moment_all_count(nats_url: str, prefix: str) -> None:
    """Compare-and-set, and again."""
    async with world(nats_url, prefix) as here:
        made = await here.endpoints.create("ada", URL, system_clock(), types=())
        await asyncio.gather(*(here.endpoints.change(made.id, hears(f"t{n}")) for n in range(4)))
        kept = await here.endpoints.get(made.id)
        assert kept is not None
        assert sorted(kept.types) == ["t0", "t1", "t2", "t3"]


async def test_after_a_rotation_both_secrets_sign_for_a_day(nats_url: str, prefix: str) -> None:
    async with world(nats_url, prefix) as here:
        now = system_clock()
        made = await here.endpoints.create("ada", URL, now)
        rotated = await here.endpoints.rotate(made.id, now)
        assert rotated is not None
        assert rotated.secrets_at(now) == (rotated.secret, made.secret)
        assert rotated.secrets_at(now + ROTATION) == (rotated.secret,)


async def test_what_is_deleted_is_gone(nats_url: str, prefix: str) -> None:
    async with world(nats_url, prefix) as here:
        made = await here.endpoints.create("ada", URL, system_clock())
        assert await here.endpoints.delete(made.id)
        assert not await here.endpoints.delete(made.id)
        assert await here.endpoints.get(made.id) is None
        assert await here.endpoints.rotate(made.id, system_clock()) is None
        assert await here.endpoints.of_owner("ada") == []


@pytest.mark.parametrize("endpoint_id", ["", "_", "ada", "ada_", "_x", "*_*", "ada_*", "ada_>", "a.b_c", "ada_ x"])
async def test_an_id_that_is_none_finds_nothing(nats_url: str, prefix: str, endpoint_id: str) -> None:
    """Ids come from URLs; none is a wildcard."""
    async with world(nats_url, prefix) as here:
        await here.endpoints.create("ada", URL, system_clock())
        assert await here.endpoints.get(endpoint_id) is None
        assert not await here.endpoints.delete(endpoint_id)
