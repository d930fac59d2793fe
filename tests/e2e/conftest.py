"""Fixtures of the end-to-end tests that more than one file shares."""

from tests.broker.api_kit import api
from tests.e2e.browser import browser

__all__ = ["api", "browser"]
