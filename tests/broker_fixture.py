"""The real broker for tests: one nats-server per test process, and a subject prefix of its own for every test.

In: nothing. Out: the fixtures `nats_broker` (the running `EmbeddedNats`), `nats_url` (its address) and `prefix` (for
example `t_ab12cd34`, to be used wherever the product has `threedates`). Tests that stop or kill a broker make their own
`EmbeddedNats` in `tmp_path`: this one is shared by all tests of a worker.
"""

import asyncio
import secrets
from collections.abc import Iterator
from typing import Literal

import pytest

from threedates.edge.embedded import EmbeddedNats

SYNC: Literal["always"] = "always"  # as in production: what an acknowledgement promises is what the tests see


@pytest.fixture(scope="session")
def nats_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    """One real nats-server for this worker, on a free port, its store in a temporary directory.

    Synchronous on purpose: tests run in event loops of their own, and the broker must belong to none of them.
    """
    broker = EmbeddedNats(tmp_path_factory.mktemp("nats"), sync=SYNC)
    asyncio.run(broker.start())
    yield broker
    asyncio.run(broker.stop())


@pytest.fixture
def nats_url(nats_broker: EmbeddedNats) -> str:
    """Where the worker's broker listens."""
    return nats_broker.url


@pytest.fixture
def prefix() -> str:
    """A first subject token (and stem for stream and bucket names) that no other test uses."""
    return f"t_{secrets.token_hex(4)}"
