"""The page's forms by the last part of the address they are posted to: where each stands, and what taking it in does.

Most become input for the inbox; what concerns links and endpoints is done here and now. A form that is refused is shown
again on its section as it was filled in, with the problem beside its field.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from threedates.core.refusal import Refusal
from threedates.gateway.acting import act
from threedates.gateway.forms import Form
from threedates.gateway.page import calendars, forms
from threedates.gateway.page.forms import ID, Asker, Read, problems_of
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Outcome, Take


@dataclass(frozen=True, slots=True)
class PageForm:
    """One form. ``section`` is where it stands unless it says otherwise, ``key`` the field that tells it from others
    of its sort on one page.
    """

    section: str
    take: Take
    key: str = ""

    def name(self, what: str, form: Form) -> str:
        """The name it has on the page."""
        return f"{what}-{form.get(self.key)}" if self.key else what


NOTICES = {
    "check-in": "Thank you, that is noted.",
    "answer": "Done.",
    "book": "It is in your calendar.",
    "snooze": "It will be quiet until then.",
    "pause": "Everything is paused.",
    "resume": "Welcome back. It goes on from here.",
    "rotated": "It has another address now. The one before has ended; subscribe with the new one.",
    "revoked": "That address has ended.",
    "added": "Here is one more calendar.",
    "later": "Noted. It may take a moment until it shows.",
}
"""What the page says first, by what was done."""


def new_id() -> str:
    """An id for a form about to be shown: posting it twice does one thing."""
    return f"p-{secrets.token_hex(8)}"


def sent(read: Callable[[Asker, Form], Read], notice: str) -> Take:
    """What taking in a form does that becomes input for the inbox."""

    async def take(opened: Opened, form: Form) -> Outcome:
        found = read(Asker(opened.state, opened.partner, opened.now), form)
        if isinstance(found, dict):
            return found
        event_id = form.get("id") if ID.fullmatch(form.get("id")) else new_id()
        outcome = await act(opened.tools(), opened.state, found.what, event_id, found.body(event_id))
        if isinstance(outcome, Refusal):
            return problems_of(outcome)
        return notice if outcome == "done" else "later"

    return take


POSTS: dict[str, PageForm] = {
    "check-in": PageForm("", sent(forms.check_in, "check-in")),
    "answer": PageForm("dates", sent(forms.answer, "answer"), "uid"),
    "book": PageForm("dates", sent(forms.book, "book")),
    "feed-rotate": PageForm("calendar", calendars.rotate, "feed"),
    "feed-revoke": PageForm("calendar", calendars.revoke, "feed"),
    "feed-add": PageForm("calendar", calendars.add),
    "snooze": PageForm("settings", sent(forms.snooze, "snooze")),
    "pause": PageForm("settings", sent(forms.pause, "pause")),
    "resume": PageForm("", sent(forms.resume, "resume")),
}
