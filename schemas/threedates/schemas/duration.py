"""ISO 8601 durations as the product means them: weeks and days are wall-clock, hours and seconds are exact.

Text such as ``P7D``, ``PT20H`` or ``P1M`` comes in; a frozen :class:`Span` goes out and is written back as the same
kind of text. Arithmetic on instants is not here: it needs a zone, see ``core.walltime``.
"""

import re
from typing import Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from threedates.schemas.textual import textual_schema

_FORM = re.compile(
    r"^P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?$"
)
DAY_SECONDS = 86_400
# Only for comparing durations with each other; instants are never computed from it.
MONTH_SECONDS = 30 * DAY_SECONDS


class Span(NamedTuple):
    """A duration: whole months and days in wall-clock time, plus exact seconds."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read an ISO 8601 duration. Raises ValueError for anything else, fractions and signs included."""
        found = _FORM.match(text)
        if found is None:
            raise ValueError(f"{text[:40]!r} is not an ISO 8601 duration such as P7D or PT20H")
        part = {name: int(value) for name, value in found.groupdict(default="0").items()}
        return cls(
            months=part["years"] * 12 + part["months"],
            days=part["weeks"] * 7 + part["days"],
            seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
        )

    @property
    def length(self) -> int:
        """Its length in seconds for comparing, with a month taken as 30 days and a day as 24 hours."""
        return self.months * MONTH_SECONDS + self.days * DAY_SECONDS + self.seconds

    @property
    def is_exact(self) -> bool:
        """Whether it is under a day and counts exact seconds alone."""
        return self.length < DAY_SECONDS

    def fraction(self, numerator: int, denominator: int) -> "Span":
        """That part of it: in whole days (at least one) for spans of days, in whole seconds below a day."""
        part = self.length * numerator / denominator
        if self.is_exact:
            return Span(seconds=max(1, round(part)))
        return Span(days=max(1, round(part / DAY_SECONDS)))

    def times(self, factor: int) -> "Span":
        """It, that many times over."""
        return Span(self.months * factor, self.days * factor, self.seconds * factor)

    def __str__(self) -> str:
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        date = "".join(f"{n}{unit}" for n, unit in ((self.months, "M"), (self.days, "D")) if n)
        time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        return f"P{date}" + (f"T{time}" if time else "") if date or time else "PT0S"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return textual_schema(cls, cls.parse)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "duration", "examples": ["P7D", "PT20H"]}
