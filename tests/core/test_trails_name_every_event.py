"""A trail names every event of a log and counts them, and what is kept of it stays small however long the log is."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.core.decide.life import Life
from threedates.core.snapshot import freeze, thaw
from threedates.core.trail import NO_TRAIL, PAGE, Trail, trail_as_json, trail_of
from threedates.schemas.log import Decision, LogEvent

LIFE = Life()
LIFE.live_until(LIFE.now + timedelta(days=9))
JOINED: LogEvent = LIFE.log[0]
DECIDED: LogEvent = next(event for event in LIFE.log if isinstance(event, Decision))

looks = st.lists(st.lists(st.sampled_from([JOINED, DECIDED]), max_size=2 * PAGE), max_size=8)


def numbered(looks: list[list[LogEvent]]) -> list[list[tuple[int, LogEvent]]]:
    """The events with their sequences, among which others' lie."""
    seqs = iter(range(3, 10**6, 7))
    return [[(next(seqs), event) for event in look] for look in looks]


@given(looks)
def test_page_by_page_it_names_all_there_was(looks: list[list[LogEvent]]) -> None:
    """However often full pages are put aside: together they are every sequence, each once and in order."""
    trail, kept = NO_TRAIL, dict[int, tuple[int, ...]]()
    for events in numbered(looks):
        trail, pages = trail.and_(events).paged()
        assert not kept.keys() & pages.keys(), "a page never changes"
        kept |= pages
        assert len(trail.latest) < PAGE
    whole = [event for look in numbered(looks) for event in look]
    assert sorted(kept) == list(range(trail.pages))
    assert [seq for n in range(trail.pages) for seq in kept[n]] + list(trail.latest) == [seq for seq, _ in whole]
    assert len(trail) == len(whole)
    assert trail.decisions == sum(isinstance(event, Decision) for _, event in whole)
    assert trail.facts + trail.decisions == len(trail)


def test_it_reads_back_from_its_line() -> None:
    trail = Trail(facts=2, pages=1, latest=(5, 9))
    assert trail_of(trail_as_json(trail)) == trail


def test_a_line_that_tells_none_is_an_empty_one() -> None:
    """Such as the state that stood there before there were trails."""
    for line in (b"", b"{}", b"[]", b"null", b'{"couple_id": "c1", "seq": 5}', b"\xff"):
        assert trail_of(line) == NO_TRAIL


def test_a_snapshot_without_a_trail_is_no_snapshot() -> None:
    """Its state could not be gone on from: nobody would know how much of the log it has seen."""
    version, _, state = freeze(LIFE.state, NO_TRAIL.and_([(1, JOINED)])).split(b"\n", 2)
    assert thaw(version + b"\n" + state) == (None, NO_TRAIL)


def test_another_version_of_the_fold_leaves_the_trail() -> None:
    """It has to fold the log again, and need not look for it."""
    trail = NO_TRAIL.and_([(1, JOINED)])
    _, rest = freeze(LIFE.state, trail).split(b"\n", 1)
    assert thaw(b"v0\n" + rest) == (None, trail)
