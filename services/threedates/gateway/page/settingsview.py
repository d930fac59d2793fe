"""Settings as the page shows them: each in the words and forms in which it is typed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.records import Busy
from threedates.core.state import CoupleState
from threedates.core.walltime import local
from threedates.gateway.page.lanes import NAMES
from threedates.gateway.page.settingforms import AWAY
from threedates.gateway.page.spans import show_span
from threedates.schemas.base import KINDS, Kind


@dataclass(frozen=True, slots=True)
class CadenceView:
    """One kind's cadence, each as its field's value."""

    kind: Kind
    name: str
    target: str
    floor: str
    length: str
    lead: str
    windows: str


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which no date fits, for both or for one."""

    uid: str
    days: str
    who: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    """All settings, as the values of fields; an empty ``per_week``, ``check_in``, ``begin`` or ``end`` is none."""

    names: tuple[str, str]
    tz: str
    home: str
    email: str
    invites: str
    begin: str
    end: str
    cadence: tuple[CadenceView, ...]
    planning_hour: str
    week_starts: str
    check_in: str
    per_week: str
    min_gap: str
    away: tuple[Away, ...]


def settings_view(state: CoupleState, partner: int, now: datetime) -> SettingsView:
    """The settings as one partner (0 or 1) sees them."""
    settings = state.settings
    me, budget = settings.partners[partner], settings.budget
    return SettingsView(
        names=settings.names,
        tz=me.tz,
        home=settings.tz,
        email=me.email or "",
        invites=me.invites,
        begin=f"{me.quiet.from_:%H:%M}" if me.quiet else "",
        end=f"{me.quiet.to:%H:%M}" if me.quiet else "",
        cadence=tuple(_cadence(state, kind) for kind in KINDS),
        planning_hour=f"{settings.planning_hour:%H:%M}",
        week_starts=settings.week_starts,
        check_in=f"{settings.check_in:%H:%M}" if settings.check_in else "",
        per_week=str(budget.per_week or ""),
        min_gap=show_span(budget.min_gap) if budget.min_gap.length else "",
        away=tuple(_away(state, busy) for busy in state.busy if _is_away(busy, now)),
    )


def _cadence(state: CoupleState, kind: Kind) -> CadenceView:
    one = state.settings.cadence.of(kind)
    return CadenceView(
        kind=kind,
        name=NAMES[kind],
        target=show_span(one.target),
        floor=show_span(one.floor),
        length=show_span(one.length),
        lead=show_span(one.lead),
        windows="\n".join(map(str, one.windows)),
    )


def _is_away(busy: Busy, now: datetime) -> bool:
    return busy.key.startswith(f"{AWAY}/") and not busy.is_cancelled and busy.end > now


def _away(state: CoupleState, busy: Busy) -> Away:
    tz = state.settings.tz
    if busy.partners and (partner := state.settings.partner(busy.partners[0])) is not None:
        tz = partner.tz
    first, last = local(busy.start, tz), local(busy.end, tz) - timedelta(days=1)
    days = _day(first) if first.date() >= last.date() else f"{_day(first)} to {_day(last)}"
    return Away(busy.key.partition("/")[2], days, " and ".join(busy.partners or state.settings.names))


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B} {at.year}"
