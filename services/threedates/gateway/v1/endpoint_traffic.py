"""What goes to an endpoint: a test, a replay, and the log of its attempts."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from threedates.core.outbound import LinkMaker
from threedates.edge.attempts import Wanted, recent_attempts
from threedates.edge.endpoints import key_owner
from threedates.edge.replay import Replay
from threedates.gateway.call import Caller
from threedates.gateway.openapi import takes
from threedates.gateway.problems import Problem
from threedates.gateway.sending import accepted
from threedates.gateway.sendtest import send_test
from threedates.schemas.base import Instant
from threedates.schemas.http.common import Accepted
from threedates.schemas.http.endpoint_traffic import AttemptList, ReplayBody, Replayed
from threedates.schemas.webhook import AttemptOutcome

router = APIRouter(tags=["endpoints"])


@router.post("/endpoints/{endpoint_id}/test", status_code=202, response_model=Accepted)
async def test_endpoint(endpoint_id: str, call: Caller) -> Response:
    """Send an ``endpoint.test`` webhook; the answer's id is its ``webhook-id``. The attempts tell what became of it."""
    endpoint = await call.endpoint(endpoint_id)
    couple_id = None if endpoint.owner == key_owner(call.key_id) else endpoint.owner
    return accepted(await send_test(call.deps.wire, endpoint, couple_id, call.now))


@router.post("/endpoints/{endpoint_id}/replay", status_code=202, openapi_extra=takes(ReplayBody))
async def replay(endpoint_id: str, call: Caller) -> Replayed:
    """Send again, under the ``webhook-id`` of the first time: one message, all of a time, or the dead letters.

    They go one every tenth of a second, beside what is new, and are not asked whether they are still due. What is still
    being tried is left alone. One call takes 1,000 messages at most; ``next`` says where to go on.
    """
    endpoint = await call.endpoint(endpoint_id)
    body = await call.body(ReplayBody)
    if (body.message_id is not None) == (body.dead or body.since is not None):
        raise Problem("invalid", "Say what to replay: message_id, or since (and until), or dead (and since and until).")
    if endpoint.disabled is not None:
        raise Problem("endpoint_disabled", 'The endpoint is disabled; enable it with PATCH {"disabled": false} first.')
    settings = call.deps.settings
    again = Replay(call.deps.wire, LinkMaker(settings.link_key, settings.base_url))
    if body.message_id is not None:
        if not await again.one(endpoint, body.message_id, call.now):
            raise Problem("unknown_message", "Nothing with that id was sent here within 30 days.", "message_id")
        return Replayed(count=1, next=None)
    if body.dead:
        count, further = await again.dead(endpoint, body.since, body.until, call.now)
    else:
        count, further = await again.range(endpoint, body.since or call.now, body.until or call.now, call.now)
    return Replayed(count=count, next=further)


@router.get("/endpoints/{endpoint_id}/attempts")
async def list_attempts(
    endpoint_id: str,
    call: Caller,
    outcome: Annotated[AttemptOutcome | None, Query(description="Only those that ended so.")] = None,
    since: Annotated[Instant | None, Query(description="Only those at or after that instant.")] = None,
    until: Annotated[Instant | None, Query(description="Only those at or before that instant.")] = None,
    message_id: Annotated[str | None, Query(max_length=256, description="Only those of that webhook-id.")] = None,
    before: Annotated[int | None, Query(ge=1, description="The next of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AttemptList:
    """List delivery attempts, the newest first."""
    endpoint = await call.endpoint(endpoint_id)
    wanted = Wanted(outcome, since, until, message_id)
    items, further = await recent_attempts(call.deps.wire, endpoint.id, limit, wanted, before)
    return AttemptList(items=tuple(items), next=further)
