"""The services by name: what ``threedates serve`` and ``threedates up`` can run.

A service's package is imported only when it is asked for, so that a small container pays for no other's libraries.
"""

import asyncio
from importlib import import_module
from typing import Protocol

from threedates.edge.observer import Observed
from threedates.edge.settings import Settings

SERVICES = ("intake", "cadence", "invites", "nudges", "calendars", "gateway")


class Startable(Protocol):
    """What can be started and stopped. ``lost`` is set once it can do nothing more, and its process has to end."""

    lost: asyncio.Event

    async def start(self) -> None:
        """Begin to work; returns once it does."""

    async def stop(self) -> None:
        """Finish what is in hand and close."""


class Runnable(Startable, Observed, Protocol):
    """A service: one that can be seen from outside as well."""


def make(name: str, settings: Settings) -> Runnable:
    """The service of that name, wired by its own ``app.make`` and not started yet."""
    service: Runnable = import_module(f"threedates.{name}.app").make(settings)
    return service
