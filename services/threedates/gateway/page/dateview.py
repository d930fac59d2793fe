"""One date as a partner sees it: when it is, what it can be answered with, what it is about. Pure.

Times are in that partner's own zone; a date that lives in another zone names its own as well.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from threedates.core.answers import takes
from threedates.core.spoken import spoken, spoken_span
from threedates.core.state import CoupleState
from threedates.core.walltime import local
from threedates.core.wording import en
from threedates.gateway.when import field_value
from threedates.schemas.base import Kind
from threedates.schemas.dates import DateRecord
from threedates.schemas.log import Answer

RECENT = timedelta(days=42)
_FIRST: dict[Answer, str] = {"accept": "Yes, let’s", "decline": "Another time", "skip": "Not this time"}
_MORE: dict[Answer, str] = {"held": "We did it already", "cancel": "Call it off"}
_PAST: dict[Answer, str] = {"held": "We did it", "skip": "It didn’t happen"}
# Of a date that is only proposed there is nothing to call off: it is declined or let go.
_FOR_SCHEDULED_ONLY = ("cancel",)


@dataclass(frozen=True, slots=True)
class DateView:
    """A date. ``answers`` are the likely ones, ``more`` the others; ``start`` is the time field's value in ``tz``."""

    uid: str
    anchor: str
    kind: Kind
    noun: str
    status: str
    when: str
    weekday: str
    day: str
    month: str
    elsewhere: str | None
    idea: str
    answers: dict[Answer, str]
    more: dict[Answer, str]
    start: str
    tz: str

    @property
    def is_proposed(self) -> bool:
        """Whether nobody has agreed to it yet."""
        return self.status == "proposed"


def date_view(record: DateRecord, tz: str, now: datetime) -> DateView:
    """A date as a partner in that zone sees it."""
    at = local(record.start, tz)
    is_past = record.status in ("held", "skipped")
    # A date reported as just over ended at some second; to people it was the minute.
    start, end = (_minute(record.start), _minute(record.end)) if is_past else (record.start, record.end)
    return DateView(
        uid=record.uid,
        anchor=f"{record.kind}-{record.n}",
        kind=record.kind,
        noun=en.KIND_NAMES[record.kind],
        status=record.status,
        when=spoken_span(start, end, tz, now),
        weekday=f"{at:%a}",
        day=str(at.day),
        month=f"{at:%b}",
        elsewhere=f"{spoken(record.start, record.tz, now)} in {record.tz}" if _differ(record, tz) else None,
        idea=record.idea,
        answers=_taken(record, _PAST if is_past else _FIRST),
        more={} if is_past else _taken(record, _MORE),
        start=field_value(record.start, record.tz),
        tz=record.tz,
    )


def ahead(state: CoupleState, tz: str, now: datetime) -> list[DateView]:
    """The couple's dates that are proposed or set, the next one first."""
    return [date_view(record, tz, now) for record in _records(state) if record.status in ("proposed", "scheduled")]


def lately(state: CoupleState, tz: str, now: datetime) -> list[DateView]:
    """Those held or let go in the last six weeks, the last one first."""
    past = [r for r in _records(state) if r.status in ("held", "skipped") and now - RECENT < r.start]
    return [date_view(record, tz, now) for record in reversed(past)]


def _records(state: CoupleState) -> list[DateRecord]:
    return sorted((date.record for date in state.dates.values()), key=lambda record: (record.start, record.uid))


def _taken(record: DateRecord, labels: dict[Answer, str]) -> dict[Answer, str]:
    return {
        answer: label
        for answer, label in labels.items()
        if takes(record.status, answer) and not (record.status == "proposed" and answer in _FOR_SCHEDULED_ONLY)
    }


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _differ(record: DateRecord, tz: str) -> bool:
    """Whether the two zones' clocks show different times as the date begins."""
    return field_value(record.start, tz) != field_value(record.start, record.tz)
