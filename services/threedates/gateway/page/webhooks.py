"""The couple's webhooks: where each goes, how it does, its last attempts; a test, another secret, off and on.

Of the app's own endpoints a couple sees only whether something gets through; these are not theirs to change.
"""

from dataclasses import dataclass
from typing import Any

from threedates.core.spoken import spoken
from threedates.edge.attempts import recent_attempts
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.standing import endpoints_hearing
from threedates.gateway.forms import Form
from threedates.gateway.page.opened import Opened
from threedates.gateway.page.outcome import Outcome, Shown
from threedates.gateway.sendtest import send_test
from threedates.gateway.webhookview import WebhookLine, webhook_lines
from threedates.schemas.webhook import Attempt

SHOWN = 5
_GONE = "This webhook was deleted meanwhile."
_SAID = {"delivered": "got through", "failed": "failed", "dead": "given up", "gone": "wanted no more"}


@dataclass(frozen=True, slots=True)
class WebhookView:
    """One endpoint with its last attempts, the newest first, each in words."""

    line: WebhookLine
    attempts: tuple[str, ...]


async def webhooks(opened: Opened) -> dict[str, Any]:
    """What the section shows. Raises Unavailable."""
    wire = opened.tools().wire
    found = await endpoints_hearing(wire, opened.state)
    shown: list[WebhookView] = []
    for line in webhook_lines(found, opened.state.couple_id, opened.tz, opened.now):
        attempts = (await recent_attempts(wire, line.id, SHOWN))[0] if line.is_own else []
        shown.append(WebhookView(line, tuple(_told(opened, attempt) for attempt in attempts)))
    return {"webhooks": shown}


async def test(opened: Opened, form: Form) -> Outcome:
    """Send a test. Raises Unavailable."""
    endpoint = await _own(opened, form)
    if endpoint is None:
        return {"": _GONE}
    await send_test(opened.tools().wire, endpoint, opened.state.couple_id, opened.now)
    return "tested"


async def rotate(opened: Opened, form: Form) -> Outcome:
    """Another secret, shown this once. Raises Unavailable, Conflict."""
    endpoint = await _own(opened, form)
    rotated = await Endpoints(opened.tools().wire).rotate(endpoint.id, opened.now) if endpoint is not None else None
    if rotated is None or rotated.previous_until is None:
        return {"": _GONE}
    until = spoken(rotated.previous_until.replace(second=0), opened.tz, opened.now)
    return Shown(f"hook-{rotated.id}", {"secret": rotated.secret, "until": until})


async def switch(opened: Opened, form: Form) -> Outcome:
    """Switch it on, its failures forgotten, or off. Raises Unavailable, Conflict."""
    endpoint = await _own(opened, form)
    is_on = form.get("state") == "on"
    changed = None
    if endpoint is not None:
        changes = (
            {"disabled": None, "failing_since": None, "warned": 0, "warned_at": None}
            if is_on
            else {"disabled": "by_hand"}
        )
        changed = await Endpoints(opened.tools().wire).change(endpoint.id, lambda old: old.model_copy(update=changes))
    if changed is None:
        return {"": _GONE}
    return "on" if is_on else "off"


async def _own(opened: Opened, form: Form) -> KeptEndpoint | None:
    """The couple's endpoint that a form names."""
    found = await Endpoints(opened.tools().wire).get(form.get("endpoint"))
    return found if found is not None and found.owner == opened.state.couple_id else None


def _told(opened: Opened, attempt: Attempt) -> str:
    status = f" ({attempt.status})" if attempt.status is not None else ""
    error = f": {attempt.error}" if attempt.error else ""
    said = _SAID.get(attempt.outcome, attempt.outcome)
    return f"{spoken(attempt.at.replace(second=0), opened.tz, opened.now)}: {attempt.type} {said}{status}{error}"
