"""Forms on their way to the inbox: read, admitted at the door, sent, and waited for a moment."""

import secrets
from collections.abc import Callable

from threedates.core.refusal import Refusal
from threedates.gateway.acting import act
from threedates.gateway.forms import Form
from threedates.gateway.page.forms import ID, Asker, Read, problems_of
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Outcome, Take


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
