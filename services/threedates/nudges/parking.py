"""When parked tasks come back: one behind the other, and never more of them than a process can send away again.

A dead endpoint's queue waits on schedules in the broker, however long it is; but each task that comes back for nothing
costs a little. So those of one endpoint follow one another, and all endpoints with a queue share a rate between them.
In memory alone: after a restart whatever comes back is parked anew.
"""

from datetime import UTC, datetime, timedelta

from threedates.core.retry import jittered

PARK_SECONDS = 2.0
# Waiting longer than this for a slow endpoint is no use: it may have recovered.
PATIENCE = timedelta(minutes=5)
RETURNS_PER_SECOND = 100
"""How many parked tasks come back each second, of all endpoints together: a tenth of what a process can handle."""
LONGEST = timedelta(hours=6)
LONG = timedelta(minutes=1)
_SWEEP_EVERY = timedelta(seconds=1)


class Parking:
    """Knows for each endpoint with a queue when the last of it comes back."""

    def __init__(self) -> None:
        self._ends: dict[str, datetime] = {}
        self._swept = datetime.min.replace(tzinfo=UTC)

    def until(self, endpoint_id: str, task: str, pace: timedelta, opens: datetime, now: datetime) -> datetime:
        """Until when (UTC) to park one more task, not before ``opens``; ``pace`` is that of its endpoint."""
        self._sweep(now)
        least = timedelta(seconds=max(1, len(self._ends)) / RETURNS_PER_SECOND)
        end = max(self._ends.get(endpoint_id, opens), opens)
        end = min(max(min(end + pace, opens + PATIENCE), end + least), opens + LONGEST)
        self._ends[endpoint_id] = end
        seconds = (end - opens).total_seconds()
        # What is open by now may be so only for a moment.
        return opens + timedelta(seconds=jittered(max(seconds, PARK_SECONDS if opens <= now else 0.0), task, 0))

    def is_long(self, endpoint_id: str, opens: datetime) -> bool:
        """Whether the queue of an endpoint that opens then is one of thousands."""
        return self._ends.get(endpoint_id, opens) > opens + LONG

    def recovered(self, endpoint_id: str) -> None:
        """Whoever comes from now on need not stand behind those that wait."""
        self._ends.pop(endpoint_id, None)

    def _sweep(self, now: datetime) -> None:
        """Forget the queues that are through."""
        if now < self._swept + _SWEEP_EVERY:
            return
        self._swept = now
        self._ends = {endpoint_id: end for endpoint_id, end in self._ends.items() if end > now}
