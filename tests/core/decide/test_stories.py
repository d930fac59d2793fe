"""The stories under tests/stories: what a couple lives through, and what is decided, in plain text."""

from pathlib import Path

import pytest

from tests.core.decide.story import STORIES, Story, Telling
from threedates.core.decide import decide
from threedates.core.fold import fold
from threedates.core.snapshot import freeze, thaw
from threedates.core.trail import NO_TRAIL
from threedates.schemas.log import LOG_EVENT, Decision, encode

PATHS = sorted(STORIES.glob("*.txt"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_story_goes_as_told(path: Path) -> None:
    """A rule that changes shows here what it means for people."""
    story = Story(path)
    assert Telling(story).tell() == story.body


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_same_log_and_clock_give_the_same_bytes(path: Path) -> None:
    """Replaying a log must reproduce every decision in it, or nobody could judge a change of the rules."""
    telling = Telling(Story(path))
    telling.tell()
    events = [(seq, LOG_EVENT.validate_json(data)) for seq, data in telling.log]
    for (seq, data), (_, event) in zip(telling.log, events, strict=True):
        if isinstance(event, Decision):
            state = fold("c1", events[: seq - 1])
            assert state is not None
            assert encode(decide(state, event.as_of)) == data


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_snapshot_at_any_point_and_any_duplicate_change_nothing(path: Path) -> None:
    """Snapshots may be deleted or taken at any time, and the broker may hand over anything twice."""
    telling = Telling(Story(path))
    telling.tell()
    events = [(seq, LOG_EVENT.validate_json(data)) for seq, data in telling.log]
    whole = fold("c1", events)
    for cut in range(1, len(events)):
        before = fold("c1", events[:cut])
        assert before is not None
        thawed = thaw(freeze(before, NO_TRAIL.and_(events[:cut]))).state
        assert thawed == before
        twice = [*events[max(0, cut - 3) : cut], *events[cut:], *events[cut:]]
        assert fold("c1", twice, thawed) == whole
