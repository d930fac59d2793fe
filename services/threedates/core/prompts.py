"""Nudges about no kind: an evening apart after much time together, and, where a couple wants it, the day's question."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from operator import attrgetter

from threedates.core.stages import CHECK_IN, TIME_APART
from threedates.core.state import CoupleState
from threedates.core.walltime import ONE_DAY, at_local, local, quiet_end
from threedates.schemas.couple import Partner

MUCH_MINUTES = 240
MUCH_DAYS = 5
DAYS = 7
_AT = attrgetter("at")


def prompts(state: CoupleState, now: datetime) -> Iterator[tuple[str, str, int]]:
    """Stage, addressee and local day of every prompt that wants to go out."""
    if len(state.reports) >= MUCH_DAYS:
        yield from _times_apart(state, local(now, state.settings.tz).date())
    for partner in state.settings.partners if state.settings.check_in is not None else ():
        day = local(now, partner.tz).date()
        at = check_in_time(state, partner, day)
        if at is not None and at <= now and _wants_question(state, partner, day, now):
            yield CHECK_IN, partner.name, day.toordinal()


def _times_apart(state: CoupleState, today: date) -> Iterator[tuple[str, str, int]]:
    if is_much_together(state, today):
        for name in state.settings.names:
            if not _was_told(state, TIME_APART, name, today.toordinal() - DAYS):
                yield TIME_APART, name, today.toordinal()


def is_much_together(state: CoupleState, today: date) -> bool:
    """Whether they were together for four hours or more on five of the last seven days, by either's report."""
    tz = state.settings.tz
    since = at_local(today - (DAYS - 1) * ONE_DAY, time(0), tz)
    # They stand in the order of what they are about.
    lately = state.reports[bisect_left(state.reports, since, key=_AT) :]
    much = [report.at for report in lately if (report.together_minutes or 0) >= MUCH_MINUTES]
    if len(much) < MUCH_DAYS:
        return False
    return sum(day <= today for day in {local(at, tz).date() for at in much}) >= MUCH_DAYS


def check_in_time(state: CoupleState, partner: Partner, day: date) -> datetime | None:
    """When a partner is asked about a local day of theirs, in UTC; None where the couple does not want that."""
    clock = state.settings.check_in
    return at_local(day, clock, partner.tz) if clock is not None else None


def next_check_in_times(state: CoupleState, now: datetime) -> Iterator[datetime]:
    """When each partner is to be asked next."""
    for partner in state.settings.partners if state.settings.check_in is not None else ():
        today = local(now, partner.tz).date()
        for day in (today, today + timedelta(days=1)):
            at = check_in_time(state, partner, day)
            if at is not None and at > now:
                yield at
                break


def _wants_question(state: CoupleState, partner: Partner, day: date, now: datetime) -> bool:
    has_reported = any(r.partner == partner.name and local(r.at, partner.tz).date() == day for r in state.reports)
    is_quiet = quiet_end(partner.quiet, partner.tz, now) is not None
    return not has_reported and not is_quiet and not _was_told(state, CHECK_IN, partner.name, day.toordinal() - 1)


def _was_told(state: CoupleState, stage: str, name: str, since: int) -> bool:
    return any(p.stage == stage and p.addressee == name and p.day > since for p in state.prompts)
