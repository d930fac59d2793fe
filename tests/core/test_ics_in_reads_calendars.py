"""Does raw iCalendar become the occurrences it means, near now, in the right zone?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.core.admission_kit import DATE_UID, refused, sent
from threedates.core.refusal import Refusal
from threedates.schemas.log import CalendarSeen

DAILY_SINCE_1970 = ("UID:{n}", "DTSTART:19700101T100000Z", "RRULE:{rule}")


def vevent(*lines: str) -> tuple[str, ...]:
    return ("BEGIN:VEVENT", *lines, "END:VEVENT")


def ics(*lines: str, head: tuple[str, ...] = ()) -> dict[str, str]:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *head, *lines, "END:VCALENDAR", ""])
    return {"id": "i1", "source": "alex-google", "ics": text}


def seen(body: dict[str, str], **how: Any) -> list[CalendarSeen]:
    facts = sent("calendar", body, **how)
    assert isinstance(facts, list), facts
    assert [fact.id for fact in facts] == [f"i1:{n}" for n in range(len(facts))]
    return [fact for fact in facts if isinstance(fact, CalendarSeen)]


@pytest.mark.parametrize(
    ("tzid", "head", "hour"),
    [
        ("America/New_York", (), 0),
        ("Eastern Standard Time", (), 0),
        ("/freeassociation.sourceforge.net/America/New_York", (), 0),
        ("Office", ("BEGIN:VTIMEZONE", "TZID:Office", "X-LIC-LOCATION:America/New_York", "END:VTIMEZONE"), 0),
        ("Nowhere", ("X-WR-TIMEZONE:Asia/Tokyo",), 10),
        ("Nowhere", (), 18),
    ],
)
def test_a_zone_is_known_by_any_of_the_names_calendars_give_it(tzid: str, head: tuple[str, ...], hour: int) -> None:
    """Where none leads anywhere it is the calendar's, then the couple's."""
    (fact,) = seen(ics(*head, *vevent("UID:a", f'DTSTART;TZID="{tzid}":20261127T190000', "DURATION:PT2H")))
    assert fact.start.hour == hour
    assert fact.end - fact.start == timedelta(hours=2)


def test_recurrences_moves_and_exceptions_are_worked_out() -> None:
    """Each occurrence is told from the others, and keeps its name where it moves."""
    zone = "TZID=Europe/Berlin"
    weekly = vevent(
        "UID:r", f"DTSTART;{zone}:20250103T190000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=20261205T000000Z",
        f"EXDATE;{zone}:20261120T190000",
    )  # fmt: skip
    moved = vevent("UID:r", f"RECURRENCE-ID;{zone}:20261127T190000", f"DTSTART;{zone}:20261128T190000", "DURATION:PT1H")
    facts = seen(ics(*weekly, *moved))
    assert [(fact.uid, fact.start.day) for fact in facts] == [("r/20261127T180000Z", 28), ("r/20261204T180000Z", 4)]


def test_only_what_is_near_is_seen_and_never_too_much() -> None:
    """Two hundred occurrences, the first of them, between a week ago and two months ahead."""
    far = vevent("UID:far", "DTSTART:20270301T100000Z")
    assert seen(ics(*far)) == []
    daily = [line for n in range(9) for line in vevent(f"UID:{n}", "DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY")]
    facts = seen(ics(*daily))
    assert len(facts) == 200
    assert facts[0].start == datetime(2026, 11, 14, 10, tzinfo=UTC)


def test_status_and_transparency_are_kept() -> None:
    """What takes nobody's time is not busy; neither is what is off."""
    base = ("DTSTART;VALUE=DATE:20261201", "SEQUENCE:3")
    free, off, maybe = seen(
        ics(
            *vevent("UID:a", "TRANSP:TRANSPARENT", *base),
            *vevent("UID:b", "STATUS:CANCELLED", *base),
            *vevent("UID:c", "STATUS:TENTATIVE", *base),
        )
    )
    assert [(f.status, f.busy) for f in (free, off, maybe)] == [
        ("confirmed", False), ("cancelled", False), ("tentative", True),
    ]  # fmt: skip
    assert (free.all_day, free.sequence, free.end - free.start) == (True, 3, timedelta(days=1))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("UID:a", "SUMMARY:fun date"), None),
        (("UID:a", "CATEGORIES:Personal,FUN"), "fun"),
        (("UID:a", "CATEGORIES:fun,business"), None),
        ((f"UID:{DATE_UID}", "SUMMARY:x"), "fun"),
        (("UID:other-fun-1@threedates", "CATEGORIES:fun"), None),
    ],
)
def test_the_kind_is_known_from_uid_or_categories_alone(lines: tuple[str, ...], kind: str | None) -> None:
    """A title is a look-alike at best; two kinds are none; another couple's date is not theirs."""
    (fact,) = seen(ics(*vevent("DTSTART:20261127T190000Z", "DTEND:20261127T200000Z", *lines)))
    assert fact.kind == kind


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=DAILY;COUNT=999999999", "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=X"],
)
def test_recurrences_without_end_are_refused(rule: str) -> None:
    """What would take long to work out is not worked out."""
    lines = [line for n in range(99) for line in vevent(*(part.format(n=n, rule=rule) for part in DAILY_SINCE_1970))]
    assert refused("calendar", ics(*lines)).code == "malformed"


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;INTERVAL=99999999", ""])
def test_recurrences_that_never_come_true_cost_nothing(rule: str) -> None:
    """The 30th of February is not waited for until the year 9999."""
    lines = [line for n in range(99) for line in vevent(*(part.format(n=n, rule=rule) for part in DAILY_SINCE_1970))]
    assert seen(ics(*lines)) == []


def test_a_zones_own_rules_are_never_followed() -> None:
    """A VTIMEZONE that changes its offset every second would keep a reader busy for ever."""
    zone = ("BEGIN:VTIMEZONE", "TZID:Z", "BEGIN:STANDARD", "DTSTART:16010101T000000", "RRULE:FREQ=SECONDLY",
            "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip
    assert len(seen(ics(*zone, *vevent("UID:a", "DTSTART;TZID=Z:20261127T190000")))) == 1


def test_too_many_components_are_refused_before_they_are_read() -> None:
    """Five hundred are enough for two months of anybody's life."""
    assert refused("calendar", ics(*(line for n in range(500) for line in vevent(f"UID:{n}")))).code == "too_large"


def test_a_partner_the_calendar_belongs_to_is_named() -> None:
    """A calendar of one partner's makes that partner busy."""
    body = ics(*vevent("UID:a", "DTSTART:20261127T190000Z"))
    assert seen({**body, "partner": "alex"})[0].partners == ("Alex",)
    assert refused("calendar", {**body, "partner": "kim"}).field == "partner"
    assert refused("calendar", {**body, "id": "i" * 125}).field == "id"
    assert isinstance(sent("calendar", body, nobody=True), Refusal)
