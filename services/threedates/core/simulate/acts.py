"""Acts: what people mean to do at some instant. Whether they still can is seen when the instant has come.

An act makes a fact of the state it then finds, or nothing: who meant to accept a date that was called off meanwhile
does nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from threedates.core.answers import takes
from threedates.core.simulate.chance import lot, one_of
from threedates.core.state import CoupleState
from threedates.schemas.base import KINDS, Kind
from threedates.schemas.inbound import Did, Stress
from threedates.schemas.log import Answer, Answered, Booked, Changed, CheckedIn, Fact, Paused, Snoozed

Act = Callable[[CoupleState, datetime, str], Fact | None]
"""Called with the state, the instant and the id the fact is to have."""

_STRESS: tuple[Stress, ...] = ("money", "chores", "family", "plans", "work")
_DID: tuple[tuple[Did, ...], ...] = (("play",), ("walk", "asked"), ("touch",), ("eye_contact", "asked"), ("apart",))
_EVENING = timedelta(hours=2)


def answer(by: str, uid: str, how: Answer) -> Act:
    """Answer a date, if it still takes that answer."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        date = state.dates.get(uid)
        if date is None or not takes(date.record.status, how):
            return None
        if how == "decline" and date.record.start <= at:
            return None
        start = date.record.start + timedelta(days=1) if how == "move" else None
        return Answered(id=fact_id, at=at, by=by, uid=uid, answer=how, start=start)

    return act


def say_held(by: str, uid: str) -> Act:
    """Say that a proposal nobody answered was followed all the same; not where it was agreed to or is over."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        date = state.dates.get(uid)
        if date is None or date.record.status != "proposed":
            return None
        return Answered(id=fact_id, at=at, by=by, uid=uid, answer="held")

    return act


def snooze(by: str, kind: Kind) -> Act:
    """Ask for three days of silence about a kind."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        return Snoozed(id=fact_id, at=at, by=by, kind=kind, until=at + timedelta(days=3))

    return act


def arrange(by: str, seed: str, in_days: int) -> Act:
    """Arrange an evening of some kind in so many days, unless one of its kind is in the calendar."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        kind = one_of(KINDS, seed, "arranged kind", at)
        if state.pause is not None or state.is_booked(kind):
            return None
        start = at + timedelta(days=in_days)
        return Booked(id=fact_id, at=at, by=by, kind=kind, start=start, end=start + _EVENING, status="scheduled")

    return act


def pause(by: str, weeks: int) -> Act:
    """Pause for so many weeks."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        return Paused(id=fact_id, at=at, by=by, until=at + timedelta(weeks=weeks))

    return act


def change_zones(tz: str, partner: int | None) -> Act:
    """One partner (0 or 1) is in another zone from now on; where none is named, the couple is."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        partners = [one.model_dump(mode="json", by_alias=True) for one in state.settings.partners]
        for n, one in enumerate(partners):
            if partner in (None, n):
                one["tz"] = tz
        patch = {"partners": partners} if partner is not None else {"tz": tz, "partners": partners}
        return Changed(id=fact_id, at=at, patch=patch)

    return act


def check_in(by: str, seed: str, hard_days: float) -> Act:
    """Report about the day: a hard one with that share, else an ordinary one. Seldom a conflict."""

    def act(state: CoupleState, at: datetime, fact_id: str) -> Fact | None:
        kind_of_day, detail = lot(seed, by, at, "day"), lot(seed, by, at, "detail")
        did = one_of(_DID, seed, by, at, "did")
        if kind_of_day >= hard_days:
            return CheckedIn(
                id=fact_id, at=at, partner=by, mood=3 + int(detail * 3), connection=3 + int(detail * 7) % 3,
                talk="everyday" if detail < 0.7 else "deep", did=did, together_minutes=30 + int(detail * 300),
            )  # fmt: skip
        return CheckedIn(
            id=fact_id, at=at, partner=by, mood=2 if detail < 0.5 else 3, connection=2 + int(detail * 2),
            talk="surface" if detail < 0.4 else "everyday", conflict=detail > 0.85,
            stress=(one_of(_STRESS, seed, by, at, "stress"),), did=did[:1], together_minutes=int(detail * 90),
        )  # fmt: skip

    return act
