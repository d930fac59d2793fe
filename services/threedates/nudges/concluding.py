"""What an attempt comes to, a POST's or a mail's: it is written down, and what follows from it is seen to."""

from collections.abc import Callable

from threedates.core.retry import Dead, Done, Gone, Plan, QuietEnd, Result, Retry, never_quiet
from threedates.core.walltime import quiet_end
from threedates.edge.clock import Clock
from threedates.edge.couples import Couples
from threedates.edge.endpoints import KeptEndpoint
from threedates.nudges.aftermath import Aftermath
from threedates.nudges.health import Health
from threedates.schemas.webhook import Delivery

Planner = Callable[..., Plan]


class Concluding:
    """Concludes attempts. ``how_next`` is the retry plan."""

    def __init__(self, aftermath: Aftermath, health: Health, couples: Couples, clock: Clock, how_next: Planner) -> None:
        self._aftermath = aftermath
        self._health = health
        self._couples = couples
        self._clock = clock
        self._how_next = how_next

    async def of(self, task: Delivery, source: int, result: Result, endpoint: KeptEndpoint | None = None) -> None:
        """An attempt ended so; a mail has no endpoint whose health is kept. Raises Unavailable."""
        quiet = await self._quiet_end(task, result)
        now = self._clock()
        match self._how_next(result, task.message_id, task.attempt, now, quiet):
            case Done():
                await self._aftermath.record(task, "delivered", now, result)
                if endpoint is not None:
                    await self._health.succeeded(endpoint)
                return
            case Retry(at) if task.type != "endpoint.test":
                await self._aftermath.park(_next_attempt(task), source, at)
                await self._aftermath.record(task, "retrying", now, result, next_at=at)
            case Retry():
                # Who tests an endpoint looks at the one attempt, and tests again.
                await self._aftermath.record(task, "dead", now, result)
            case Gone() if task.type == "endpoint.test":
                await self._health.gone(task, now)
                await self._aftermath.record(task, "dead", now, result)
                return
            case Gone(reason):
                await self._health.gone(task, now)
                await self._aftermath.bury(task, reason, now, result)
                return
            case Dead(reason):
                await self._aftermath.bury(task, reason, now, result)
        if endpoint is not None:
            await self._health.failed(task, endpoint, now)

    async def _quiet_end(self, task: Delivery, result: Result) -> QuietEnd:
        """The addressee's quiet hours, looked up only for an attempt that failed."""
        is_done = result.status is not None and 200 <= result.status < 300
        if is_done or task.addressee is None:
            return never_quiet
        state = await self._couples.load(task.couple_id)
        partner = state.settings.partner(task.addressee) if state is not None else None
        if partner is None:
            return never_quiet
        return lambda instant: quiet_end(partner.quiet, partner.tz, instant)


def _next_attempt(task: Delivery) -> Delivery:
    return task.model_copy(update={"attempt": task.attempt + 1, "slot": None})
