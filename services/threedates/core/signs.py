"""Signs: what in a check-in asks for a date of some kind sooner. Found when a check-in is folded, kept per kind.

- emotional: little connection, loneliness, surface talk, less affection or desire than that partner's own median of the
  four weeks before; a conflict, which asks for the next day;
- business: stress about money, chores, family or plans;
- fun: a flat mood, or play missing from a week of check-ins.

Good news is no sign: nothing a couple reports makes a date later.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import chain
from operator import attrgetter
from statistics import median

from threedates.core.state import Report, Sign
from threedates.schemas.base import Kind

FOUR_WEEKS = timedelta(days=28)
WEEK = timedelta(days=7)
LITTLE, FLAT, LONELY = 2, 2, 3
MEDIAN_NEEDS = 3
PLAY_NEEDS = 3
"""Fewer check-ins than this say too little about what is usual."""
CONFLICT = "conflict"
_AFFECTION, _DESIRE = attrgetter("affection"), attrgetter("desire")
_AT, _DID = attrgetter("at"), attrgetter("did")


def signs_in(report: Report, earlier: Sequence[Report]) -> Iterator[tuple[Kind, list[Sign]]]:
    """The signs of a check-in by the kind they ask for, given the check-ins folded before it in order of time."""
    found: tuple[tuple[Kind, Iterator[str]], ...] = (
        ("emotional", _emotional(report, earlier)),
        ("business", _business(report)),
        ("fun", _fun(report, earlier)),
    )
    for kind, rules in found:
        if signs := [Sign(report.at, rule, report.id) for rule in rules]:
            yield kind, signs


def _emotional(report: Report, earlier: Sequence[Report]) -> Iterator[str]:
    if report.connection is not None and report.connection <= LITTLE:
        yield "little_connection"
    if report.loneliness is not None and report.loneliness >= LONELY:
        yield "loneliness"
    if report.talk == "surface":
        yield "surface_talk"
    if _is_less_than_usual(report, earlier, _AFFECTION):
        yield "less_affection"
    if _is_less_than_usual(report, earlier, _DESIRE):
        yield "less_desire"
    if report.conflict:
        yield CONFLICT


def _business(report: Report) -> Iterator[str]:
    for topic in report.stress:
        if topic != "work":  # nobody settles it by sitting down at home
            yield f"stress_{topic}"


def _fun(report: Report, earlier: Sequence[Report]) -> Iterator[str]:
    if report.mood is not None and report.mood <= FLAT:
        yield "flat_mood"
    if _play_is_missing(report, earlier):
        yield "play_missing"


def _is_less_than_usual(report: Report, earlier: Sequence[Report], scale: Callable[[Report], int | None]) -> bool:
    """Whether a partner reports less on a scale than their own median of the four weeks before."""
    value = scale(report)
    if value is None:
        return False
    own = [r for r in earlier if r.partner == report.partner and report.at - FOUR_WEEKS <= r.at < report.at]
    usual = [one for one in map(scale, own) if one is not None]
    return len(usual) >= MEDIAN_NEEDS and value < median(usual)


def _play_is_missing(report: Report, earlier: Sequence[Report]) -> bool:
    """Whether a week of check-ins that say what was done, this one the last of them, names no play."""
    if not report.did or "play" in report.did:
        return False
    # They stand in the order of what they are about.
    since, until = (bisect_right(earlier, at, key=_AT) for at in (report.at - WEEK, report.at))
    did = [*filter(None, map(_DID, earlier[since:until]))]
    return len(did) + 1 >= PLAY_NEEDS and "play" not in chain.from_iterable(did)
