"""Can no file make the service that reads it slow, large or dead?"""

from tests.core.polled_kit import DAY, NOW, calendar, event
from threedates.calendars.reading import Reader, ReadingLimits
from threedates.core.ics_polled import Asked, Reading
from threedates.core.poll_plan import Trouble

ASKED = Asked(now=NOW, tz="Europe/Berlin")
# Within every limit on what may be in it; about 20 seconds of work.
_DATES = ",".join(f"2026{month}{day:02d}T100000Z" for month in (11, 12) for day in range(1, 29))
BOMB = calendar(*(event(f"b{n}", NOW - DAY, 1, f"RDATE:{_DATES}") for n in range(3_900)))


async def test_a_calendar_is_read_elsewhere_and_comes_back_whole() -> None:
    """The same as if it were read here."""
    found = await Reader().read(calendar(event("a", NOW + DAY)), ASKED)
    assert isinstance(found, Reading)
    assert [one.start for one in found.taken] == [(NOW + DAY).replace(second=0)]


async def test_what_is_no_calendar_is_trouble() -> None:
    """With the reason."""
    found = await Reader().read(b"<html>Log in</html>", ASKED)
    assert isinstance(found, Trouble)
    assert found.error == "not_a_calendar"


async def test_a_file_that_eats_the_processor_is_given_up() -> None:
    """Ended by the system, in the middle of whatever it does."""
    found = await Reader(ReadingLimits(cpu_seconds=1)).read(BOMB, ASKED)
    assert found == Trouble("too_costly", "it takes too long to read")


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    """Also where it waits instead of working."""
    found = await Reader(ReadingLimits(seconds=0.01)).read(calendar(event("a", NOW + DAY)), ASKED)
    assert found == Trouble("too_costly", "it takes too long to read")


async def test_a_file_that_eats_memory_is_given_up() -> None:
    """There is not even room for its bytes."""
    found = await Reader(ReadingLimits(memory=32 * 1024 * 1024)).read(BOMB, ASKED)
    assert found == Trouble("too_costly", "it takes too much memory to read")
