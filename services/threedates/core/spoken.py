"""Times as people read them: an instant becomes words, in a zone that is named beside it. Pure."""

from datetime import datetime

from threedates.core.walltime import ONE_DAY, local


def spoken(instant: datetime, tz: str, now: datetime) -> str:
    """Such as ``Friday, 27 November, 19:00``; the year where it is another one, seconds where there are any."""
    at = local(instant, tz)
    year = "" if at.year == local(now, tz).year else f" {at.year}"
    return f"{_day(at)}{year}, {_clock(at)}"


def spoken_day(instant: datetime, tz: str, now: datetime) -> str:
    """Such as ``Friday, 27 November``; today's instants by their time."""
    at, today = local(instant, tz), local(now, tz)
    if at.date() == today.date():
        return f"today, {_clock(at)}"
    return _day(at) if at.year == today.year else f"{_day(at)} {at.year}"


def spoken_span(start: datetime, end: datetime, tz: str, now: datetime) -> str:
    """From a start to an end; the end's day only where it is another one."""
    first, last = local(start, tz), local(end, tz)
    until = f"{last:%H:%M}" if first.date() == last.date() or end - start < ONE_DAY else spoken(end, tz, now)
    return f"{spoken(start, tz, now)} to {until}"


def _day(at: datetime) -> str:
    return f"{at:%A}, {at.day} {at:%B}"


def _clock(at: datetime) -> str:
    # Cycles of seconds are for watching how it all works; people's dates begin on the minute.
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
