"""Leaving from the page: said clearly, confirmed once more, done for both at once."""

import json

from threedates.gateway.awaiting import wait_until
from threedates.gateway.forms import Form
from threedates.gateway.page.forms import ID
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Ended, Outcome
from threedates.gateway.page.sending import new_id
from threedates.schemas.base import rfc3339

PATIENCE_SECONDS = 5.0
_ERASED = Ended("You have left", "Everything about you both is erased. Thank you for the time you shared here.")
_ERASING = Ended("You have left", "Everything about you both is being erased; that takes a moment.")


async def leave(opened: Opened, form: Form) -> Outcome:
    """Leave, if it was confirmed, and wait a moment until everything is erased. Raises Unavailable."""
    if form.get("sure") != "yes":
        return {"sure": "Confirm that you want everything erased."}
    deps, couple_id = opened.tools(), opened.state.couple_id
    event_id = form.get("id") if ID.fullmatch(form.get("id")) else new_id()
    command = {"type": "leave", "id": event_id, "at": rfc3339(opened.now)}
    await deps.inbox.send("command", couple_id, json.dumps(command).encode())
    is_gone = await wait_until(deps.couples, couple_id, PATIENCE_SECONDS, lambda state: state is None)
    return _ERASED if is_gone else _ERASING
