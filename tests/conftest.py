"""Fixtures for every test: the real broker and per-test isolation on it (see `tests/broker_fixture.py`)."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.broker_fixture import nats_broker, nats_url, prefix
from threedates.edge.zones import pin_zones

pin_zones()  # as the command does: tests see the zones that users see
# A slow machine is no defect: how long one example takes is not what these tests ask.
settings.register_profile("threedates", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("threedates")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """A worker more than there are cores: what tests a broker waits as much as it works."""
    return (os.cpu_count() or 1) + 1


__all__ = ["nats_broker", "nats_url", "prefix"]
