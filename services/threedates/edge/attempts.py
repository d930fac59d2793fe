"""Reading the attempt log of one endpoint, the newest first.

A stream is read forwards only. The search begins near its end and goes back in widening steps, so that an endpoint
with many attempts costs no more than one with few.
"""

from threedates.edge.wire import Wire
from threedates.schemas.webhook import Attempt

_FIRST_STEP = 1_000
_WIDER = 8


async def recent_attempts(wire: Wire, endpoint_id: str, limit: int) -> list[Attempt]:
    """The endpoint's last attempts for whatever couple, at most so many, the newest first. Raises Unavailable."""
    names = wire.names
    state = (await wire.api(f"STREAM.INFO.{names.attempts}"))["state"]
    first, end = int(state["first_seq"]), int(state["last_seq"]) + 1
    found: list[Attempt] = []
    step = _FIRST_STEP
    while True:
        begin = max(first, end - step)
        stored = await wire.reader.tail(names.attempts, names.attempt("*", endpoint_id), begin)
        found = [Attempt.model_validate_json(one.data) for one in stored]
        if len(found) >= limit or begin <= first:
            return found[::-1][:limit]
        step *= _WIDER
