"""Does a retry wait as long as it should where the service's clock is not the broker's, whose schedules fire it?"""

from datetime import datetime, timedelta

import pytest

from tests.broker.nudges_kit import nudge, receiving, world
from threedates.core.retry import Plan, QuietEnd, Result, Retry
from threedates.edge.clock import system_clock
from threedates.edge.directget import Stored
from threedates.nudges.app import make
from threedates.schemas.webhook import Delivery

DELAY = timedelta(minutes=5)
# Between the plan and the broker lies the time that a slow machine takes.
SLOW = timedelta(minutes=1)


def in_five_minutes(_result: Result, _id: str, _attempt: int, now: datetime, _quiet: QuietEnd) -> Plan:
    """A plan that is long enough to be looked at."""
    return Retry(now + DELAY)


def waits(schedule: Stored) -> timedelta:
    """How long after it was stored a schedule fires, by the broker's clock alone."""
    fires = datetime.fromisoformat(schedule.headers["Nats-Schedule"].removeprefix("@at "))
    return fires - datetime.fromisoformat(schedule.headers["Nats-Time-Stamp"])


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_retry_waits_as_long_as_the_plan_says(nats_url: str, prefix: str, hours: int) -> None:
    """An hour behind, all retries would go at once; an hour ahead, each an hour late."""

    def wrong() -> datetime:
        return system_clock() + timedelta(hours=hours)

    async with world(nats_url, prefix) as here, receiving(500) as there:
        endpoint = await here.endpoint("ada", there)
        await here.couple("ada")
        service = make(here.settings, wrong, in_five_minutes)
        await service.start()
        try:
            await here.decide("ada", nudge("ada"))
            (attempt,) = await here.attempted(endpoint, 1)
        finally:
            await service.stop()
        subject = here.wire.names.retry("ada", endpoint.id, "*")
        (schedule,) = await here.wire.reader.tail(here.wire.names.deliveries, subject, 1)
    assert Delivery.model_validate_json(schedule.data).attempt == 2
    assert attempt.next_at == attempt.at + DELAY
    assert DELAY - SLOW < waits(schedule) < DELAY + SLOW
