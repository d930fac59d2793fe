"""Does every couple's page come, and is every couple of it checked closely, whenever the clock begins?"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from threedates.cadence.turns import CLOSELY, SLICES, SWEEP_SECONDS, closely, turn_at

START = datetime(2026, 11, 20, 17, 3, tzinfo=UTC)


def sweeps(begin: int, count: int) -> list[datetime]:
    """The instants of so many sweeps, one after another."""
    return [START + timedelta(seconds=n * SWEEP_SECONDS) for n in range(begin, begin + count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_all_pages_come_once_in_as_many_sweeps(size: int) -> None:
    """A page that never came would hold couples that nobody misses."""
    for total in range(1, 41):
        pages = -(-total // size)
        for begin in range(pages):
            covered = Counter(
                couple for at in sweeps(begin, pages) for couple in range(turn_at(at, total, size).offset, total)[:size]
            )
            assert covered == Counter(range(total))


def test_without_couples_there_is_a_page_to_ask_for() -> None:
    """The first sweep comes before anybody has joined."""
    assert {turn_at(at, 0, 5).offset for at in sweeps(0, 7)} == {0}


@pytest.mark.parametrize("pages", [*range(1, 14), 24])
@pytest.mark.parametrize("begin", [0, 1, 7, 143])
def test_each_couple_of_each_page_is_checked_closely_once_in_a_round_of_slices(pages: int, begin: int) -> None:
    """Also where the number of pages and that of slices have a divisor in common."""
    couples = [f"c{n:03}" for n in range(30 * pages)]
    # A round may be under way where the clock begins; by whole rounds each page has come equally often.
    checked = Counter[str]()
    for at in sweeps(begin, pages * SLICES):
        turn = turn_at(at, len(couples), 30)
        checked.update(closely(couples[turn.offset : turn.offset + 30], turn.round))
    assert checked == Counter(couples)


def test_of_a_large_page_about_as_many_are_checked_closely_each_time() -> None:
    """A sweep that takes longer than it is until the next is none."""
    couples = {f"c{n}" for n in range(20 * CLOSELY)}
    each = [closely(couples, rounds) for rounds in range(7, 27)]
    assert Counter(couple for slice_ in each for couple in slice_) == Counter(couples)
    assert max(map(len, each)) < 1.5 * CLOSELY
