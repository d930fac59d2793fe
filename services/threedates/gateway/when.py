"""Times as people write them: a form's local time becomes an instant, a choice an end. Pure.

Everything is read in a zone that is named beside it; daylight saving follows the rule in ``core.walltime``.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from threedates.core.walltime import ONE_DAY, at_local, local, week_start
from threedates.schemas.base import YEARS

Choice = Literal["tomorrow", "weekend", "next_week"]
CHOICES: dict[Choice, str] = {"tomorrow": "tomorrow", "weekend": "the weekend", "next_week": "next week"}
"""How long to be quiet for, and how that is said after "until"."""
_SATURDAY = 5
_FORMS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")


def field_value(instant: datetime, tz: str) -> str:
    """The value of an HTML ``datetime-local`` field."""
    return f"{local(instant, tz):%Y-%m-%dT%H:%M}"


def read_local(text: str, tz: str) -> datetime | None:
    """The UTC instant of what such a field, or somebody by hand, wrote; None where it is no time a contract takes."""
    for form in _FORMS:
        try:
            # Naive on purpose: the zone comes with the form, and the rule for gaps and overlaps from the core.
            read = datetime.strptime(text, form)  # noqa: DTZ007
            found = at_local(read.date(), read.time(), tz)
        except (ValueError, OverflowError):
            continue
        return found if found.year in YEARS else None
    return None


def read_choice(text: str) -> Choice | None:
    """The choice a form named, or None."""
    return next((choice for choice in get_args(Choice) if choice == text), None)


def until(choice: Choice, tz: str, clock: time, week_starts: str, now: datetime) -> datetime:
    """When a choice ends, in UTC: at that wall-clock time, tomorrow, on the next Saturday, or as the next week begins.

    On a Saturday or Sunday the weekend meant is the next one.
    """
    return at_local(_last_day(choice, tz, week_starts, now), clock, tz)


def _last_day(choice: Choice, tz: str, week_starts: str, now: datetime) -> date:
    today = local(now, tz).date()
    match choice:
        case "tomorrow":
            return today + ONE_DAY
        case "weekend":
            return today + timedelta(days=(_SATURDAY - today.weekday()) % 7 or 7)
        case "next_week":
            return week_start(now, tz, week_starts) + timedelta(days=7)
