"""The heartbeat of it all: whether couples that are due are being looked at, as the broker knows it.

It needs no clock in cadence and nothing that cadence would have to say of itself: a due message that nobody has
acknowledged grows old in its stream, whatever the reason; and since a sweep falls due every five minutes, a broker
that has heard no acknowledgement for three sweeps fires no timers any more.
"""

from datetime import datetime, timedelta

from threedates.edge.lag import lag_of, oldest
from threedates.edge.settings import Settings
from threedates.edge.timers import SWEEP
from threedates.edge.topology import CADENCE_DUE, CADENCE_FACTS, consumers
from threedates.edge.wire import Wire

SILENCE = timedelta(minutes=16)
"""Three sweeps and a little: a sweep may take some minutes where very many couples have no timer."""
_WHAT = {CADENCE_DUE: "A couple that is due", CADENCE_FACTS: "What a couple reported"}


async def heartbeat(wire: Wire, settings: Settings, now: datetime) -> str | None:
    """What is wrong, as a sentence; None while all is well. Raises APIError where consumers are missing, Unavailable.

    ``THREEDATES_HEARTBEAT`` is how long a due couple may wait, in seconds.
    """
    for consumer in consumers(settings):
        if consumer.name not in _WHAT:
            continue
        lag = await lag_of(wire, consumer)
        waits = await oldest(wire, lag, now, passing=settings.names.due(SWEEP))
        if waits > settings.heartbeat:
            return f"{_WHAT[consumer.name]} has waited {waits:.0f} s for its look"
        if consumer.name != CADENCE_DUE:
            continue
        if await oldest(wire, lag, now) > SILENCE.total_seconds():
            return "The sweep has not been made for three of its turns"
        if lag.last_ack is not None and now - lag.last_ack > SILENCE:
            return "No timer has fired for three sweeps: the broker's message schedules are not at work"
    return None
