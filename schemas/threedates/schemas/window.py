"""A preferred window of the week, such as ``fri 18:00-23:00``, ``sat-sun 12:00-23:00`` or ``daily 18:00-22:00``.

Times are wall-clock times in the couple's zone; a window lies within one day.
"""

import re
from dataclasses import dataclass
from datetime import time
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from threedates.schemas.textual import textual_schema

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(r"^(daily|[a-z]{3})(?:-([a-z]{3}))? (\d{1,2}(?::\d{2})?)-(\d{1,2}(?::\d{2})?)$")
_MIDNIGHT = "24:00"


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


@dataclass(frozen=True, slots=True)
class Window:
    """Weekdays (0 is Monday) with a start and an end of day; an end of 00:00 means midnight."""

    days: tuple[int, ...]
    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read a window. Raises ValueError naming what is wrong with it."""
        found = _FORM.match(text.strip().lower())
        if found is None:
            raise ValueError(f"{text[:40]!r} is not a window such as 'fri 18:00-23:00' or 'daily 18:00-22:00'")
        first, last, opens, closes = found.groups()
        days = tuple(range(7)) if first == "daily" else cls._days(first, last or first)
        end = time(0) if closes in (_MIDNIGHT, "24") else _clock(closes)
        start = _clock(opens)
        if end != time(0) and end <= start:
            raise ValueError(f"the window {text[:40]!r} ends before it starts")
        return cls(days, start, end)

    @staticmethod
    def _days(first: str, last: str) -> tuple[int, ...]:
        for name in (first, last):
            if name not in DAYS:
                raise ValueError(f"{name!r} is not a weekday; use one of {', '.join(DAYS)} or daily")
        begin, stop = DAYS.index(first), DAYS.index(last)
        return tuple(sorted((begin + step) % 7 for step in range((stop - begin) % 7 + 1)))

    def __str__(self) -> str:
        if len(self.days) == 7:
            days = "daily"
        else:
            # A range that wraps the week's end (sat-mon) begins where the day before is missing.
            begin = next(day for day in self.days if (day - 1) % 7 not in self.days)
            stop = (begin + len(self.days) - 1) % 7
            days = DAYS[begin] if begin == stop else f"{DAYS[begin]}-{DAYS[stop]}"
        end = _MIDNIGHT if self.end == time(0) else f"{self.end:%H:%M}"
        return f"{days} {self.start:%H:%M}-{end}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return textual_schema(cls, cls.parse)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "examples": ["fri 18:00-23:00", "daily 18:00-22:00"]}
