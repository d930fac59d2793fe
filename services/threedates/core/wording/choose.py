"""Choosing an idea or a question. What is given alone decides: the same seed and the same past give the same words.

Lots are drawn by hashing the seed, eight bytes for each place in the list; the smallest that fits wins. So every idea
has the same chance over many seeds, and one added at the end changes only the choices that now fall on it.
"""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import shake_128
from struct import unpack
from typing import TypeVar

from threedates.core.wording.catalogue import Idea, Language, Tag
from threedates.schemas.base import Kind

Item = TypeVar("Item")


def pick_idea(lang: Language, kind: Kind, wanted: Sequence[Tag], recent: Collection[str], seed: str) -> Idea:
    """The idea for a date. An idea named in ``recent``, the ids of the last eight weeks, comes only if all are there.

    ``wanted`` is what was reported, the most important first: an earlier tag is never given up for a later one, and a
    tag that no idea is left for is passed over. The seed names the date, not the kind.
    """
    return _pick(lang.ideas[kind], wanted, recent, f"{kind} {seed}")


def evening_apart(lang: Language, day: date, seed: str) -> Idea:
    """The idea for an evening apart, offered on a local day. As many weeks in a row as there are ideas have a different
    one each, which are more than eight.
    """
    return _turn(lang.evenings_apart, f"apart {seed}", day.toordinal() // 7)


def question(lang: Language, day: date, seed: str) -> str:
    """The check-in question of a local day. As many days in a row as there are questions have a different one each."""
    return _turn(lang.questions, f"question {seed}", day.toordinal())


def _turn(items: Sequence[Item], seed: str, n: int) -> Item:
    """The item whose turn it is the n-th time; the seed has put them in an order of its own."""
    lots = _lots(seed, len(items))
    turns = sorted(range(len(items)), key=lots.__getitem__)
    return items[turns[n % len(turns)]]


def _pick(ideas: Sequence[Idea], wanted: Sequence[Tag], recent: Collection[str], seed: str) -> Idea:
    fitting = [place for place, one in enumerate(ideas) if one.id not in recent] or list(range(len(ideas)))
    for tag in wanted:
        fitting = [place for place in fitting if tag in ideas[place].tags] or fitting
    lots = _lots(seed, len(ideas))
    return ideas[min(fitting, key=lots.__getitem__)]


def _lots(seed: str, count: int) -> tuple[int, ...]:
    # One more place leaves the lots of those before it as they are: a longer SHAKE output begins with the shorter one.
    return unpack(f"<{count}Q", shake_128(seed.encode()).digest(8 * count))
