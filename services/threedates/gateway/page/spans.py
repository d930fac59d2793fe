"""Durations as people write them: "7 days", "2 weeks", "45 minutes", or ISO 8601. Pure."""

import re

from threedates.core.wording import in_words
from threedates.schemas.duration import Span

_PART = re.compile(r"(\d{1,6})\s*(years?|months?|weeks?|days?|hours?|h|minutes?|min|seconds?|s)?")
_UNITS: dict[str, Span] = {
    "year": Span(months=12),
    "month": Span(months=1),
    "week": Span(days=7),
    "day": Span(days=1),
    "hour": Span(seconds=3600),
    "h": Span(seconds=3600),
    "minute": Span(seconds=60),
    "min": Span(seconds=60),
    "second": Span(seconds=1),
    "s": Span(seconds=1),
}


def read_span(text: str, unit: str = "day") -> Span | None:
    """The duration a text means, a bare number counting that unit; None where it means none."""
    cleaned = text.strip().lower().replace(",", " ").replace(" and ", " ")
    if cleaned.startswith("p"):
        try:
            return Span.parse(cleaned.upper())
        except ValueError:
            return None
    parts = _PART.findall(cleaned)
    if not parts or _PART.sub("", cleaned).strip():
        return None
    total = Span()
    for count, name in parts:
        one = _UNITS[(name.rstrip("s") or name) if name else unit].times(int(count))
        total = Span(total.months + one.months, total.days + one.days, total.seconds + one.seconds)
    return total


def show_span(span: Span) -> str:
    """A duration as :func:`read_span` reads it back."""
    return in_words(span)
