"""Doing what a person asked for on a page: admitted at the door, sent through the inbox, waited for a moment.

What has the id of something done before changes nothing and counts as done.
"""

from typing import Literal

from threedates.core.admission import Refusal, admit
from threedates.core.state import CoupleState
from threedates.edge.metrics import REFUSED
from threedates.gateway.deps import Deps
from threedates.schemas.inbound import What

PATIENCE_SECONDS = 2.0
Done = Literal["done", "on its way"]


async def act(deps: Deps, state: CoupleState, what: What, event_id: str, body: bytes) -> Done | Refusal:
    """Take one input of a couple in. "on its way" is what nobody has looked at within two seconds. Raises Unavailable.

    ``body`` is the input as JSON, with that id.
    """
    if event_id in state.seen:
        return "done"
    verdict = admit(what, state.couple_id, body, state, deps.clock())
    if isinstance(verdict, Refusal):
        REFUSED.labels("gateway", what, verdict.code).inc()
        return verdict
    came = await deps.inbox.send_and_wait(what, state.couple_id, event_id, body, PATIENCE_SECONDS)
    return "done" if came else "on its way"
