"""The services by name: what ``threedates serve`` and ``threedates up`` can run."""

from collections.abc import Callable
from typing import Protocol

from threedates.edge.settings import Settings


class Runnable(Protocol):
    """A service that can be started and stopped."""

    async def start(self) -> None:
        """Begin to work; returns once it does."""

    async def stop(self) -> None:
        """Finish what is in hand and close."""


def _intake(settings: Settings) -> Runnable:
    from threedates.intake.app import make

    return make(settings)


def _cadence(settings: Settings) -> Runnable:
    from threedates.cadence.app import make

    return make(settings)


def _invites(settings: Settings) -> Runnable:
    from threedates.invites.app import make

    return make(settings)


def _nudges(settings: Settings) -> Runnable:
    from threedates.nudges.app import make

    return make(settings)


def _gateway(settings: Settings) -> Runnable:
    from threedates.gateway.app import make

    return make(settings)


SERVICES: dict[str, Callable[[Settings], Runnable]] = {
    "intake": _intake,
    "cadence": _cadence,
    "invites": _invites,
    "nudges": _nudges,
    "gateway": _gateway,
}
"""Imported only when asked for, so that a small container pays for no other service's libraries."""
