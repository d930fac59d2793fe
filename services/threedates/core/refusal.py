"""Why input is refused: one code that programs can rely on, one sentence for people, and the field that was wrong.

The codes never change their meaning. No sentence repeats a value that could be private.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import ValidationError

from threedates.core.state import CoupleState

RefusalCode = Literal[
    "too_large",
    "malformed",
    "invalid",
    "unknown_couple",
    "unknown_partner",
    "too_old",
    "in_the_future",
    "unknown_date",
    "date_closed",
    "ends_before_start",
    "out_of_range",
    "already_joined",
    "no_answer",
    "wrong_sender",
]
IDS_REMEMBERED = timedelta(days=90)
FARTHEST_AHEAD = timedelta(days=1)
FARTHEST_DATE = timedelta(days=2 * 366)
LONGEST_DATE = timedelta(days=14)
LONGEST_EVENT = timedelta(days=366)

# What pydantic says of these is for programmers.
_PLAIN = {
    "missing": "is required",
    "string_pattern_mismatch": "has characters or a form that are not allowed there",
    "timezone_aware": "needs a zone: Z or an offset such as +01:00",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refused, with the code, a sentence, and the JSON path of the field (``partners.0.tz``) where there is one."""

    code: RefusalCode
    detail: str
    field: str | None = None


class Refused(Exception):
    """Carries a refusal up to :func:`core.admission.admit`, which returns it."""

    def __init__(self, code: RefusalCode, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.refusal = Refusal(code, detail, field)


def invalid(error: ValidationError, data: Any, prefix: tuple[str, ...] = ()) -> Refused:
    """A model's errors as one refusal: the first that names something in ``data``, by the path it has there.

    ``prefix`` is what pydantic puts before the paths of these data: a union's tag, the name of a member.
    """
    errors = error.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        return Refused("malformed", f"the body is not JSON that can be read: {errors[0]['msg']}")
    # Text that is no duration is first found not to be our own type for one; what follows says what is wrong with it.
    told = [e for e in errors if e["type"] != "is_instance_of"]
    places = [_place(data, e["loc"], prefix) for e in told]
    n = next((n for n, e in enumerate(told) if e["type"] == "missing" or places[n]), 0)
    place = places[n] + ((told[n]["loc"][-1],) if told[n]["type"] == "missing" else ())
    field = ".".join(map(str, place)) or None
    return Refused("invalid", _sentence(field, told[n]["type"], told[n]["msg"]), field)


def _place(data: Any, loc: tuple[int | str, ...], prefix: tuple[str, ...]) -> tuple[int | str, ...]:
    """As much of a path as leads somewhere in the data: pydantic's own ends with the members of unions."""
    place: list[int | str] = []
    for step in loc[len(prefix) :] if loc[: len(prefix)] == prefix else loc:
        if not _has(data, step):
            break
        data = data[step]
        place.append(step)
    return tuple(place)


def _has(data: Any, step: int | str) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _sentence(field: str | None, kind: str, message: str) -> str:
    """Pydantic's message as one sentence that begins with the field."""
    if kind in _PLAIN:
        return f"{field} {_PLAIN[kind]}"
    if message.startswith("Input should "):
        return f"{field or 'the input'} {message.removeprefix('Input ')}"
    message = message.removeprefix("Value error, ")
    return f"{field}: {message}" if field else message


def partner_name(state: CoupleState, name: str, field: str) -> str:
    """The partner's name in the couple's spelling. Raises Refused."""
    partner = state.settings.partner(name)
    if partner is None:
        first, second = state.settings.names
        raise Refused("unknown_partner", f"{field} must be one of the couple's partners, {first} and {second}", field)
    return partner.name


def check_at(at: datetime, now: datetime, field: str = "at") -> None:
    """Refuse what was said too long ago for its id to be remembered, or lies ahead of the clock. Raises Refused."""
    if at < now - IDS_REMEMBERED:
        raise Refused("too_old", f"{field} lies more than {IDS_REMEMBERED.days} days back", field)
    if at > now + FARTHEST_AHEAD:
        raise Refused("in_the_future", f"{field} lies more than a day ahead", field)


def check_near(instant: datetime, now: datetime, field: str) -> None:
    """Refuse an instant more than two years away. Raises Refused."""
    if abs(instant - now) > FARTHEST_DATE:
        raise Refused("out_of_range", f"{field} is more than two years away", field)


def check_span(start: datetime, end: datetime, now: datetime, longest: timedelta = LONGEST_DATE) -> None:
    """Refuse a time that ends before it starts, is too far away or too long. Raises Refused."""
    if end <= start:
        raise Refused("ends_before_start", "end must lie after start", "end")
    check_near(start, now, "start")
    if end - start > longest:
        raise Refused("out_of_range", f"it lasts longer than {longest.days} days", "end")
