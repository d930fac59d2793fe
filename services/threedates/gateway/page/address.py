"""Another address for a partner's page: the one before ends at once, wherever it has got to."""

from threedates.core.state import CoupleState
from threedates.gateway.awaiting import wait_until
from threedates.gateway.forms import Form
from threedates.gateway.linking import page_token_of
from threedates.gateway.page import forms
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Moved, Outcome
from threedates.gateway.page.sending import sent

PATIENCE_SECONDS = 5.0
_send = sent(forms.rotate_page, "moved")


async def rotate(opened: Opened, form: Form) -> Outcome:
    """Ask for it, wait until the log has it, and go on there. Raises Unavailable, Conflict."""
    outcome = await _send(opened, form)
    if isinstance(outcome, dict):
        return outcome
    couples, couple_id, before = opened.tools().couples, opened.state.couple_id, opened.state.pages

    def has_moved(state: CoupleState | None) -> bool:
        return state is None or state.pages != before

    if await wait_until(couples, couple_id, PATIENCE_SECONDS, has_moved):
        state = await couples.load(couple_id)
        if state is not None:
            return Moved(page_token_of(opened.settings, state, opened.partner), "moved")
    return "later"
