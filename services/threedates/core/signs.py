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

from threedates.core.records import Report, Sign
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


def signs_in(report: Report, earlier: Sequence[Report]) -> Iterator[tuple[Kind, Sign]]:
    """The signs of a check-in, each with the kind it asks for, given the check-ins before it in order of time."""
    for kind, rule in _asks(report, earlier):
        yield kind, Sign(report.at, rule, report.id)


def _asks(report: Report, earlier: Sequence[Report]) -> Iterator[tuple[Kind, str]]:  # noqa: C901  # a case per sign
    if report.connection is not None and report.connection <= LITTLE:
        yield "emotional", "little_connection"
    if report.loneliness is not None and report.loneliness >= LONELY:
        yield "emotional", "loneliness"
    if report.talk == "surface":
        yield "emotional", "surface_talk"
    if report.affection is not None and _is_less_than_usual(report, report.affection, earlier, _AFFECTION):
        yield "emotional", "less_affection"
    if report.desire is not None and _is_less_than_usual(report, report.desire, earlier, _DESIRE):
        yield "emotional", "less_desire"
    if report.conflict:
        yield "emotional", CONFLICT
    for topic in report.stress:
        if topic != "work":  # nobody settles it by sitting down at home
            yield "business", f"stress_{topic}"
    if report.mood is not None and report.mood <= FLAT:
        yield "fun", "flat_mood"
    if report.did and _play_is_missing(report, earlier):
        yield "fun", "play_missing"


def _is_less_than_usual(
    report: Report, value: int, earlier: Sequence[Report], scale: Callable[[Report], int | None]
) -> bool:
    """Whether a partner reports less on a scale than their own median of the four weeks before."""
    own = [r for r in earlier if r.partner == report.partner and report.at - FOUR_WEEKS <= r.at < report.at]
    usual = [one for one in map(scale, own) if one is not None]
    return len(usual) >= MEDIAN_NEEDS and value < median(usual)


def _play_is_missing(report: Report, earlier: Sequence[Report]) -> bool:
    """Whether a week of check-ins that say what was done, this one the last of them, names no play."""
    if "play" in report.did:
        return False
    # They stand in the order of what they are about.
    since, until = (bisect_right(earlier, at, key=_AT) for at in (report.at - WEEK, report.at))
    did = [*filter(None, map(_DID, earlier[since:until]))]
    return len(did) + 1 >= PLAY_NEEDS and "play" not in chain.from_iterable(did)
