"""The topology: created where missing, compared where present, never changed behind an operator's back."""

from tests.broker.edge_kit import edge
from threedates.edge import topology

TEN_MINUTES = 600 * 1_000_000_000


async def test_applying_it_twice_creates_it_once(nats_url: str, prefix: str) -> None:
    """Every start applies it; only the first may have anything to do."""
    async with edge(nats_url, prefix) as e:
        assert await topology.apply(e.wire, e.settings) == []
        assert await topology.differences(e.wire, e.settings) == []


async def test_what_an_operator_changed_is_shown_and_left(nats_url: str, prefix: str) -> None:
    """A longer retention set by hand must survive every start, and be seen."""
    async with edge(nats_url, prefix) as e:
        names = e.wire.names
        config = (await e.wire.api(f"STREAM.INFO.{names.dead}"))["config"]
        await e.wire.api(f"STREAM.UPDATE.{names.dead}", {**config, "max_age": TEN_MINUTES})
        await topology.apply(e.wire, e.settings)
        shown = await topology.differences(e.wire, e.settings)
        assert [(d.where, d.field, d.found) for d in shown] == [(f"stream {names.dead}", "max_age", TEN_MINUTES)]


async def test_what_was_deleted_is_shown_as_missing_and_made_again(nats_url: str, prefix: str) -> None:
    """A consumer deleted by hand is the likeliest accident; one command mends it."""
    async with edge(nats_url, prefix) as e:
        names = e.wire.names
        await e.wire.api(f"CONSUMER.DELETE.{names.inbox}.{topology.INTAKE}")
        (missing,) = await topology.differences(e.wire, e.settings)
        assert missing.is_missing
        assert str(missing) == f"consumer {names.inbox}/{topology.INTAKE}: missing"
        assert await topology.apply(e.wire, e.settings) == [f"{names.inbox}/{topology.INTAKE}"]
        assert await topology.differences(e.wire, e.settings) == []


async def test_storage_is_a_setting(nats_url: str, prefix: str) -> None:
    """A trial may want memory; what a stream was made with is then no difference."""
    async with edge(nats_url, prefix, storage="memory") as e:
        assert await topology.differences(e.wire, e.settings) == []
        info = await e.wire.api(f"STREAM.INFO.{e.wire.names.log}")
        assert info["config"]["storage"] == "memory"


async def test_how_long_things_are_kept_is_a_setting_that_is_changed_on_request(nats_url: str, prefix: str) -> None:
    """Nothing but that is touched, and not before it is asked for."""
    async with edge(nats_url, prefix) as e:
        sooner = e.settings.model_copy(update={"keep_days": 7})
        kept = {e.wire.names.rejected, e.wire.names.attempts, e.wire.names.dead}
        await topology.apply(e.wire, sooner)
        assert {d.where.removeprefix("stream ") for d in await topology.differences(e.wire, sooner)} == kept
        assert set(await topology.change(e.wire, sooner)) == kept
        assert await topology.differences(e.wire, sooner) == []
        assert await topology.change(e.wire, sooner) == []
