"""Fixtures of the tests on a real broker that more than one file shares."""

from tests.broker.api_kit import api

__all__ = ["api"]
