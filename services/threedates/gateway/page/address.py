"""Another address for a partner's page: the one before ends at once, wherever it has got to."""

import asyncio

from threedates.gateway.forms import Form
from threedates.gateway.linking import page_token_of
from threedates.gateway.page import forms
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Moved, Outcome
from threedates.gateway.page.sending import sent

PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.05
_send = sent(forms.rotate_page, "moved")


async def rotate(opened: Opened, form: Form) -> Outcome:
    """Ask for it, wait until the log has it, and go on there. Raises Unavailable, Conflict."""
    outcome = await _send(opened, form)
    couples, couple_id = opened.tools().couples, opened.state.couple_id
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (state := await couples.load(couple_id)) is not None:
                if state.pages[opened.partner] > opened.state.pages[opened.partner]:
                    return Moved(page_token_of(opened.settings, state, opened.partner), "moved")
                await asyncio.sleep(_PAUSE_SECONDS)
    except TimeoutError:
        pass
    return outcome if isinstance(outcome, dict) else "later"
