"""Asked before every attempt: is it still due? For a whole batch in one read of the log, where that is enough.

Where no fact came after the decision, and the decision is fresh, it still holds; else the couple's log is folded and
the core is asked.
"""

from datetime import datetime, timedelta

from threedates.core.still_due import Drop, Send, Wait, still_due
from threedates.edge.couples import Couples
from threedates.edge.wire import Wire
from threedates.schemas.subjects import NOBODY
from threedates.schemas.webhook import Delivery

# A decision is made outside quiet hours; this much later they may have begun, and the fold is asked.
FRESH = timedelta(minutes=1)


class Erased:
    """The couple left: the task goes without a trace."""


Verdict = Send | Wait | Drop | Erased


class Asking:
    """Asks for deliveries whether they still hold."""

    def __init__(self, wire: Wire, couples: Couples) -> None:
        self._wire = wire
        self._couples = couples

    async def last_facts(self, tasks: list[Delivery]) -> dict[str, int]:
        """The log sequence of each couple's last fact. Raises Unavailable."""
        names = self._wire.names
        couples = sorted({task.couple_id for task in tasks if _is_about_a_couple(task)})
        if not couples:
            return {}
        found = await self._wire.reader.last_of(names.log, [names.fact(couple_id) for couple_id in couples])
        return {stored.subject.split(".")[-2]: stored.seq for stored in found}

    async def ask(self, task: Delivery, last_fact: int | None, now: datetime) -> Verdict:
        """Whether to send a task now; what was asked for by hand (tests, replays) always is. Raises Unavailable."""
        if not _is_about_a_couple(task):
            return Send()
        if last_fact is not None and self._is_plain(task, last_fact, now):
            return Send()
        state = await self._couples.load(task.couple_id, at_least=task.decided_seq)
        if state is None or state.left:
            return Erased()
        if task.addressee is None or task.replayed:
            return Send()
        return still_due(state, task.kind, task.cycle, task.stage, task.addressee, task.first_at, now)

    def _is_plain(self, task: Delivery, last_fact: int, now: datetime) -> bool:
        if task.addressee is None or task.replayed:
            return True
        return last_fact < task.decided_seq and now - task.first_at < FRESH


def _is_about_a_couple(task: Delivery) -> bool:
    return task.couple_id != NOBODY and not task.type.startswith("endpoint.")
