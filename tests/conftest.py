"""Fixtures for every test: the real broker and per-test isolation on it (see `tests/broker_fixture.py`)."""

from tests.broker_fixture import nats_broker, nats_url, prefix

__all__ = ["nats_broker", "nats_url", "prefix"]
