"""The same events stored twice, as producers and retries do it, fold to the same state but for the sequence."""

from dataclasses import replace

from tests.core.decide.story import STORIES, Story, Telling
from threedates.core.fold import fold
from threedates.schemas.log import LOG_EVENT


def test_every_event_stored_twice_changes_nothing() -> None:
    """A producer that publishes again after a timeout gets its event into the log twice, under two sequences."""
    for path in sorted(STORIES.glob("*.txt")):
        telling = Telling(Story(path))
        telling.tell()
        events = [LOG_EVENT.validate_json(data) for _, data in telling.log]
        once = fold("c1", enumerate(events, 1))
        assert once is not None
        doubled = [event for event in events for _ in range(2)]
        twice = fold("c1", enumerate(doubled, 1))
        assert twice is not None
        assert replace(twice, seq=once.seq) == once, path.stem
