"""Fixtures for every test: the real broker and per-test isolation on it (see `tests/broker_fixture.py`)."""

from tests.broker_fixture import nats_broker, nats_url, prefix
from threedates.edge.zones import pin_zones

pin_zones()  # as the command does: tests see the zones that users see

__all__ = ["nats_broker", "nats_url", "prefix"]
