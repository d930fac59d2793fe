"""The sections of a partner's page: the address, title and template of each, and what it shows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from threedates.edge.calendars import Calendars
from threedates.edge.errors import Unavailable
from threedates.edge.standing import endpoints_hearing
from threedates.gateway.page.calendars import calendars
from threedates.gateway.page.dateview import ahead, lately
from threedates.gateway.page.lanes import NAMES
from threedates.gateway.page.lookingback import looking_back
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.settingsview import settings_view
from threedates.gateway.page.today import today_of
from threedates.gateway.page.unread import CalendarLine, calendar_lines
from threedates.gateway.page.webhooks import webhooks
from threedates.gateway.webhookview import WebhookLine, webhook_lines
from threedates.gateway.when import CHOICES

Context = Callable[[Opened], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Section:
    """One section. ``name`` is the last part of its address, empty for the first; ``label`` stands in the menu."""

    name: str
    label: str
    title: str
    template: str
    context: Context


async def _today(opened: Opened) -> dict[str, Any]:
    view = today_of(opened.state, opened.partner, opened.now)
    try:
        return {"view": view, "troubles": await _troubles(opened), "unread": await _unread(opened)}
    except Unavailable:  # the page is worth more than what it says of other programs
        return {"view": view, "troubles": (), "unread": ()}


async def _troubles(opened: Opened) -> list[WebhookLine]:
    """Which webhooks nothing gets through to. Raises Unavailable."""
    found = await endpoints_hearing(opened.tools().wire, opened.state)
    lines = webhook_lines(found, opened.state.couple_id, opened.tz, opened.now)
    return [line for line in lines if line.is_in_trouble]


async def _unread(opened: Opened) -> tuple[CalendarLine, ...]:
    """Which of this partner's own calendars cannot be read. Raises Unavailable."""
    found = await Calendars(opened.tools().wire).of_couple(opened.state.couple_id)
    return calendar_lines(found, opened.partner, opened.tz, opened.now)


async def _dates(opened: Opened) -> dict[str, Any]:
    state, tz, now = opened.state, opened.tz, opened.now
    return {
        "ahead": ahead(state, tz, now),
        "lately": lately(state, tz, now),
        "kinds": NAMES,
        "couple_tz": state.settings.tz,
    }


async def _settings(opened: Opened) -> dict[str, Any]:
    return {
        "view": settings_view(opened.state, opened.partner, opened.now),
        "choices": CHOICES,
        "kinds": NAMES,
        "is_paused": opened.state.pause is not None,
        "has_mail": bool(opened.settings.smtp_url.get_secret_value()),
    }


async def _leave(opened: Opened) -> dict[str, Any]:
    return {}


MENU: tuple[Section, ...] = (
    Section("", "Today", "Your three dates", "page/today.html", _today),
    Section("dates", "Dates", "Dates", "page/dates.html", _dates),
    Section("calendar", "Calendar", "In your calendar", "page/calendar.html", calendars),
    Section("year", "Year", "Looking back", "page/year.html", looking_back),
    Section("settings", "Settings", "Settings", "page/settings.html", _settings),
)
SECTIONS = {
    section.name: section
    for section in (
        *MENU,
        Section("webhooks", "Webhooks", "Webhooks", "page/webhooks.html", webhooks),
        Section("leave", "Leave", "Leave", "page/leave.html", _leave),
    )
}
"""All sections by name; those that are not in the menu are reached from the settings."""
