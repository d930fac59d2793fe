"""A partner's own calendars on their page: read from their addresses, so that no date is proposed for a busy time.

Of an address only the host is ever shown again; the other partner's calendars are not shown at all.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from threedates.core.addresses import Rules, url_refusal
from threedates.core.spoken import spoken
from threedates.edge.calendar_client import https
from threedates.edge.calendars import CalendarRecord, Calendars, TooManyCalendarsError, new_record, new_rest
from threedates.edge.errors import Conflict
from threedates.gateway.forms import Form
from threedates.gateway.page.forms import ID
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Outcome, sentence


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """One calendar: the host of its address, and how reading it goes."""

    id: str
    host: str
    told: str


async def own_calendars(opened: Opened) -> tuple[OwnCalendar, ...]:
    """This partner's, the oldest first. Raises Unavailable."""
    found = await Calendars(opened.tools().wire).of_couple(opened.state.couple_id)
    mine = (one for one in found if one.partner == opened.partner)
    return tuple(OwnCalendar(one.id, one.host, _told(opened, one)) for one in mine)


async def add(opened: Opened, form: Form) -> Outcome:
    """Have one more read. Sent twice it is one. Raises Unavailable, Conflict."""
    if not form.get("url"):
        return {"url": "Paste the calendar’s address here."}
    # What stands after "#" is for whoever reads a page, and never sent.
    url = urlsplit(https(form.get("url")))._replace(fragment="").geturl()
    settings = opened.settings
    refusal = url_refusal(url, Rules(settings.allow_networks, settings.allow_ports))
    if refusal is not None:
        return {"url": sentence(refusal)}
    given = form.get("id")
    rest = hashlib.sha256(f"{opened.partner} {given}".encode()).hexdigest()[:12] if ID.fullmatch(given) else new_rest()
    is_shared = bool(form.get("shared"))
    record = new_record(opened.state.couple_id, opened.partner, url, opened.now, shared=is_shared, rest=rest)
    try:
        await Calendars(opened.tools().wire).create(record)
    except TooManyCalendarsError as error:
        return {"": sentence(str(error))}
    except Conflict:
        return {"": "This calendar was removed meanwhile. Add it once more."}
    return "calendar"


async def remove(opened: Opened, form: Form) -> Outcome:
    """Read one no more, and free its times. Raises Unavailable, Conflict."""
    if any(one.id == form.get("calendar") for one in await own_calendars(opened)):
        await Calendars(opened.tools().wire).delete(form.get("calendar"))
    return "no-calendar"


def _told(opened: Opened, record: CalendarRecord) -> str:
    if record.failing_since is not None:
        since = spoken(record.failing_since.replace(second=0), opened.tz, opened.now)
        return f"Not readable since {since}: {record.detail or 'no answer'}"
    if record.read_at is None:
        return "Not read yet; that takes a moment"
    times = "one time" if record.busy == 1 else f"{record.busy} times"
    return f"Read {spoken(record.read_at.replace(second=0), opened.tz, opened.now)}: {times} kept free of dates"
