"""Each couple's one timer: a JetStream message schedule that says "look again" at an instant.

A second schedule on the same subject replaces the first, unless the first fires in that very moment: firing purges the
subject and the replacement with it. A due message always follows then, and its handler sets the timer again; see
``cadence.look``.
"""

import json
from datetime import datetime

from threedates.edge.metrics import TIMER_LATENESS
from threedates.edge.wire import Wire
from threedates.schemas.base import rfc3339

SWEEP = "_sweep"
SWEEP_EVERY = "@every 5m"


def note_lateness(due: bytes, now: datetime) -> None:
    """Take down how late a look is that a timer's message has brought about."""
    at = json.loads(due).get("at")
    if at is not None:  # of a sweep, and of a timer set by an earlier version, it is not known
        TIMER_LATENESS.observe(max(0.0, (now - datetime.fromisoformat(at)).total_seconds()))


class Timers:
    """Sets and clears timers."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def set(self, couple_id: str, at: datetime, folded_to: int) -> None:
        """Have the couple looked at then. Raises Unavailable.

        The body carries the log sequence the instant was computed from, so that a sweep can tell a stale timer, and
        the instant itself, so that whoever looks can tell how late it is.
        """
        names = self._wire.names
        body = json.dumps({"folded_to": folded_to, "at": rfc3339(at)}).encode()
        await self._wire.schedule(names.timer(couple_id), names.due(couple_id), at, body)

    async def clear(self, couple_id: str) -> None:
        """Remove the couple's timer and anything it has fired. Raises Unavailable."""
        names = self._wire.names
        await self._wire.purge(names.timers, names.timer(couple_id))
        await self._wire.purge(names.timers, names.due(couple_id))

    async def due_now(self, couple_id: str) -> None:
        """Have the couple looked at at once. Raises Unavailable."""
        await self._wire.publish(self._wire.names.due(couple_id), b"{}")

    async def keep_sweeping(self) -> None:
        """Set the schedule of the sweep; setting it again changes nothing. Raises Unavailable."""
        names = self._wire.names
        headers = {"Nats-Schedule": SWEEP_EVERY, "Nats-Schedule-Target": names.due(SWEEP)}
        await self._wire.publish(names.timer(SWEEP), b"{}", headers)
